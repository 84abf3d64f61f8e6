/** One bounded round of housekeeping. The next one, an hour later, goes on where it stopped. */
import type { Fragment } from 'postgres'
import { idempotencyKeptHours } from '../../../shared/contract/idempotency.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'

const batchMax = 1_000
const batchesMax = 10

/** Key of the advisory lock: two ticks at once do the work of one. */
const lock = 7_305_001

/**
 * What is removed: rows of a table, by a condition, in batches. A task goes thirty days after it was deleted and takes with
 * it what belongs to it.
 */
const leftovers: { table: string; old: () => Fragment }[] = [
  {
    table: 'idempotency_keys',
    old: () => sql`created_at < clock_now() - make_interval(hours => ${idempotencyKeptHours})`,
  },
  { table: 'tasks', old: () => sql`deleted_at < clock_now() - interval '30 days'` },
  { table: 'event_failures', old: () => sql`failed_at < clock_now() - interval '8 days'` },
  { table: 'sessions', old: () => sql`expires_at < clock_now()` },
  { table: 'verifications', old: () => sql`expires_at < clock_now()` },
  { table: 'rate_limits', old: () => sql`ends_at < clock_now()` },
  {
    table: 'dead_letters',
    old: () => sql`state = 'replayed' and replayed_at < clock_now() - interval '30 days'`,
  },
]

/** Partitions live this long after their end. */
const partitions = [
  { parent: 'task_event_log', kept: '13 months' },
  { parent: 'inbox', kept: '8 days' },
]

/** Answers how many rows, or partitions, of each table were removed. */
export async function cleanUp(): Promise<Record<string, number>> {
  return transaction(async () => {
    const [owner] = await sql<{ is: boolean }[]>`select pg_try_advisory_xact_lock(${lock}) as is`
    if (!owner!.is) return {}
    await sql`select ensure_partitions('3 months')`
    const removed: Record<string, number> = {}
    for (const { parent, kept } of partitions) removed[parent] = await dropPartitions(parent, kept)
    for (const leftover of leftovers) removed[leftover.table] = await removeOld(leftover)
    removed['recurring_tasks'] = await removeSeries()
    return Object.fromEntries(Object.entries(removed).filter(([, count]) => count > 0))
  })
}

async function removeOld({ table, old }: (typeof leftovers)[number]): Promise<number> {
  let removed = 0
  for (let batch = 0; batch < batchesMax; batch++) {
    const { count } = await sql`
      delete from ${sql(table)}
      where ctid = any(array(
        select ctid
        from ${sql(table)}
        where ${old()}
        limit ${batchMax}
        for update skip locked
      ))`
    removed += count
    if (count < batchMax) break
  }
  return removed
}

/** A series goes with its own events; the history of its tasks stays with them. */
async function removeSeries(): Promise<number> {
  const [removed] = await sql<{ count: number }[]>`
    with gone as (
      delete from recurring_tasks
      where id = any(array(
        select id
        from recurring_tasks
        where deleted_at < clock_now() - interval '30 days'
        limit ${batchMax}
        for update skip locked
      ))
      returning id
    ),
    forgotten as (
      delete from task_event_log as logged
      using gone
      where logged.recurring_task_id = gone.id and logged.task_id is null
    )
    select count(*)
    from gone`
  return removed!.count
}

/** Whole partitions whose range ended long enough ago; the bound is read from the catalogue, not from the name. */
async function dropPartitions(parent: string, kept: string): Promise<number> {
  const ended = await sql<{ name: string }[]>`
    select child.relname as name
    from pg_inherits
    join pg_class as child on child.oid = pg_inherits.inhrelid
    cross join lateral (
      select substring(pg_get_expr(child.relpartbound, child.oid) from $$TO [(]'([^']+)'[)]$$)::timestamptz as upper
    ) as bound
    where pg_inherits.inhparent = ${parent}::regclass
      and bound.upper < clock_now() - ${kept}::interval
    order by bound.upper
    limit 100`
  for (const { name } of ended) await sql`drop table ${sql(name)}`
  return ended.length
}
