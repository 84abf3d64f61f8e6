/** Partitions of the log and the inbox: made ahead of time, dropped whole when nobody asks for them any more. */
import { sql, transaction } from '../../../shared/data/sql.ts'

/** Key of the advisory lock: two ticks at once do the work of one. */
const lock = 7_305_001

/** What waits for a lock holds up everybody behind it, so it gives up soon: the next round is an hour away, the need is not. */
const lockTimeout = '1s'

/** Partitions live this long after their end. */
const kept = { task_event_log: '13 months', inbox: '8 days' }
type Parent = keyof typeof kept

/** Makes the partitions of the time to come. */
export const makePartitions = (): Promise<void> =>
  alone(async () => {
    await sql`select ensure_partitions('3 months')`
  })

/** Drops the partitions of `parent` whose range ended long enough ago, each on its own, and answers how many. */
export async function dropPartitions(parent: Parent): Promise<number> {
  const ended = await sql<{ name: string }[]>`
    select child.relname as name
    from pg_inherits
    join pg_class as child on child.oid = pg_inherits.inhrelid
    cross join lateral (
      select substring(pg_get_expr(child.relpartbound, child.oid) from $$TO [(]'([^']+)'[)]$$)::timestamptz as upper
    ) as bound
    where pg_inherits.inhparent = ${parent}::regclass
      and bound.upper < clock_now() - ${kept[parent]}::interval
    order by bound.upper
    limit 100`
  for (const { name } of ended) {
    await alone(async () => {
      await sql`drop table if exists ${sql(name)}`
    })
  }
  return ended.length
}

/** A short transaction of its own: what it locks is free again before the next begins. */
async function alone(work: () => Promise<void>): Promise<void> {
  await transaction(async () => {
    await sql`select set_config('lock_timeout', ${lockTimeout}, true)`
    const [owner] = await sql<[{ is: boolean }]>`select pg_try_advisory_xact_lock(${lock}) as is`
    if (owner.is) await work()
  })
}
