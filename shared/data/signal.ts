/**
 * The wake-up of functions that sleep, sent after the commit and never inside it: a `notify` in the transaction costs two
 * thirds of the write throughput, because such commits queue on one lock of the whole database.
 */
import { context } from '../runtime/context.ts'
import { errorFields, log } from '../runtime/log.ts'
import { listen, sql } from './sql.ts'

/** Those who sleep until the first instant that they know of. A write wakes whom it may concern, and nobody else. */
export type Sleeper = 'outbox-relay' | 'due-scan' | 'recurrence-scan'

const channel = 'todo_wake'
const quietMs = 10

let lastSent = 0
let timer: NodeJS.Timeout | undefined
const pending = new Set<Sleeper>()

/** Wakes each of `sleepers`: at once when quiet, else once at the end of the current 10 ms. A lost one costs a poll. */
export function wake(sleepers: Iterable<Sleeper>): void {
  for (const sleeper of sleepers) pending.add(sleeper)
  if (timer || pending.size === 0) return
  const quietSince = Date.now() - lastSent
  if (quietSince >= quietMs) return send()
  timer = setTimeout(send, quietMs - quietSince)
  timer.unref()
}

/** The same, once the current unit of work has ended. */
export function wakeAfterwards(sleepers: Iterable<Sleeper>): void {
  for (const sleeper of sleepers) context()?.after.wake.add(sleeper)
}

function send(): void {
  timer = undefined
  lastSent = Date.now()
  const woken = [...pending].join(' ')
  pending.clear()
  sql`select pg_notify(${channel}, ${woken})`.catch((error: unknown) =>
    log.warn('wake-up not sent', errorFields(error)),
  )
}

/** Calls `heard` at every wake-up of this sleeper, also after each reconnection, when some may have been missed. */
export const onWake = (sleeper: Sleeper, heard: () => void): Promise<() => Promise<void>> =>
  listen(channel, (woken) => {
    if (woken === undefined || woken.split(' ').includes(sleeper)) heard()
  })
