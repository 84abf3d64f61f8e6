/** What is known about the request or event being handled, carried along without being passed by hand. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { TransactionSql } from 'postgres'
import type { Language } from '../contract/language.ts'
import type { Sleeper } from '../data/signal.ts'

/** Why a write happens: it ends up in the event log as the event's cause. */
export type Cause = {
  by: 'user' | 'event' | 'schedule'
  function: string
  request_id?: string
  event_id?: string
  /** The entry of the event log that this takes back. */
  undoes?: string
}

export type Context = {
  requestId: string
  /** W3C Trace Context of this unit of work; the events it writes carry it on. */
  traceparent: string
  cause: Cause
  /** What the reader reads; English where nobody said. */
  language?: Language
  /** The transaction that everything in this unit of work belongs to, if there is one. */
  tx?: TransactionSql
  /** What is owed after the commit. One object for the whole unit of work, shared by its inner contexts. */
  after: { wake: Set<Sleeper> }
}

const storage = new AsyncLocalStorage<Context>()

/** The current context, or undefined outside of a request, event or tick. */
export const context = (): Context | undefined => storage.getStore()

export const currentLanguage = (): Language => context()?.language ?? 'en'

export const withContext = <T>(value: Context, run: () => T): T => storage.run(value, run)

/** Runs `run` with the current context changed in some fields. */
export function withChanged<T>(change: Partial<Context>, run: () => T): T {
  const current = storage.getStore()
  if (!current) throw new Error('No context: withChanged() belongs inside a request, an event or a tick.')
  return storage.run({ ...current, ...change }, run)
}
