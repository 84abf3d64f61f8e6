/**
 * The wake-up of relay and due scan, sent after the commit and never inside it: a `notify` in the transaction costs two
 * thirds of the write throughput, because such commits queue on one lock of the whole database.
 */
import { errorFields, log } from '../runtime/log.ts'
import { listen, sql } from './sql.ts'

const channel = 'todo_wake'
const quietMs = 10

let lastSent = 0
let pending: NodeJS.Timeout | undefined

/** Wakes the listeners: at once when quiet, else once at the end of the current 10 ms. A lost one costs a poll. */
export function wake(): void {
  if (pending) return
  const quietSince = Date.now() - lastSent
  if (quietSince >= quietMs) return send()
  pending = setTimeout(send, quietMs - quietSince)
  pending.unref()
}

function send(): void {
  pending = undefined
  lastSent = Date.now()
  sql`select pg_notify(${channel}, '')`.catch((error: unknown) =>
    log.warn('wake-up not sent', errorFields(error)),
  )
}

/** Calls `heard` at every wake-up, also after each reconnection, when some may have been missed. */
export const onWake = (heard: () => void): Promise<() => Promise<void>> => listen(channel, heard)
