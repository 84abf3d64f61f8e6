/** The database: `sql` is the pool, or the transaction of the current unit of work when there is one. */
import postgres, { type Sql, type TransactionSql } from 'postgres'
import { config } from '../runtime/config.ts'
import { context, withChanged } from '../runtime/context.ts'

export type Tx = TransactionSql

let pool: Sql | undefined

/** Opened at the first statement, so that a cold start pays for it only when a request needs it. */
function openPool(): Sql {
  const { DATABASE_URL, DATABASE_POOL_SIZE, DATABASE_STATEMENT_TIMEOUT_MS } = config('database')
  return postgres(DATABASE_URL, {
    max: DATABASE_POOL_SIZE,
    connect_timeout: 5,
    backoff,
    idle_timeout: 60,
    onnotice: () => {},
    connection: {
      application_name: 'todo',
      TimeZone: 'UTC',
      statement_timeout: DATABASE_STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 60_000,
    },
    types: {
      // Instants are RFC 3339 text on both sides: a Date would lose the microseconds and print `.000`.
      instant: { to: 1184, from: [1184], serialize: (text: string) => text, parse: rfc3339 },
      // Counters and positions stay below 2^53.
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
    },
  })
}

/**
 * Seconds until the next try to connect. The driver's own grow to 20 with the failures of all connections together, so that
 * everything stood still for a quarter of a minute after a database had been away for two seconds.
 */
const backoff = (failures: number): number => Math.min(0.5, 0.02 * 2 ** failures) * (0.5 + Math.random() / 2)

/** `2025-01-08 09:00:00.5+00` as Postgres prints it in UTC becomes `2025-01-08T09:00:00.5Z`. */
const rfc3339 = (text: string): string => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`

const current = (): Sql => (context()?.tx as Sql | undefined) ?? (pool ??= openPool())

/** The tagged template of postgres.js. Inside `transaction()` and `once()` it speaks in that transaction. */
export const sql: Sql = new Proxy((() => {}) as unknown as Sql, {
  apply: (_, __, args: Parameters<Sql>) => current()(...args),
  get: (_, property) => Reflect.get(current(), property),
})

/** Runs `work` in one transaction, which every `sql` inside it joins. A transaction within one becomes a savepoint. */
export async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const outer = context()?.tx
  const inside = (tx: Tx) => withChanged({ tx }, () => work(tx))
  return (outer ? outer.savepoint(inside) : current().begin(inside)) as Promise<T>
}

/** Ends all connections once what runs on them is done. */
export async function closeDatabase(): Promise<void> {
  const closing = pool
  pool = undefined
  await closing?.end({ timeout: 5 })
}

/**
 * A connection of its own that hears `channel`; it re-listens by itself after a database restart. `heard` is called with each
 * payload, and without one whenever it begins to listen.
 */
export async function listen(
  channel: string,
  heard: (payload?: string) => void,
): Promise<() => Promise<void>> {
  const listening = await (pool ??= openPool()).listen(channel, heard, () => heard())
  return () => listening.unlisten()
}
