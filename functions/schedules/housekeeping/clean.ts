/** One bounded round of housekeeping. The next one, an hour later, goes on where it stopped. */
import type { Fragment } from 'postgres'
import { idempotencyKeptHours } from '../../../shared/contract/idempotency.ts'
import { sql } from '../../../shared/data/sql.ts'
import { errorFields, log } from '../../../shared/runtime/log.ts'
import { dropPartitions, makePartitions } from './partitions.ts'
import { followZoneData } from './zones.ts'

const batchMax = 1_000
const batchesMax = 10

type Leftover = { table: string; old: () => Fragment }

/**
 * What is removed: rows of a table, by a condition, in batches. A task goes thirty days after it was deleted and takes with
 * it what belongs to it. In the default partitions are rows that no partition was there for.
 */
const leftovers: Leftover[] = [
  {
    table: 'idempotency_keys',
    old: () => sql`created_at < clock_now() - make_interval(hours => ${idempotencyKeptHours})`,
  },
  { table: 'tasks', old: () => sql`deleted_at < clock_now() - interval '30 days'` },
  { table: 'event_failures', old: () => sql`failed_at < clock_now() - interval '8 days'` },
  { table: 'sessions', old: () => sql`expires_at < clock_now()` },
  { table: 'verifications', old: () => sql`expires_at < clock_now()` },
  // A key is published for a while after it signed last; a token that it signed lives an hour.
  { table: 'jwks', old: () => sql`expires_at < clock_now() - interval '7 days'` },
  { table: 'rate_limits', old: () => sql`ends_at < clock_now()` },
  {
    table: 'dead_letters',
    // Of an account that has ended at once. Such a letter may be any text: some name no user.
    old: () => sql`
      (state = 'replayed' and replayed_at < clock_now() - interval '30 days')
      or (${owner()} is not null and not exists (select from users where users.id = ${owner()}::uuid))`,
  },
  { table: 'inbox_other', old: () => sql`handled_at < clock_now() - interval '8 days'` },
  { table: 'task_event_log_other', old: () => sql`created_at < clock_now() - interval '13 months'` },
]

const owner = () =>
  sql`substring(event from ${'"user_id": ?"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"'})`

/**
 * Answers how many rows, or partitions, of each table were removed, and how many tasks moved with new time zone data. A step that fails is logged and keeps no other from being
 * done; the first failure is thrown at the end. Rounds at the same time pass over each other's rows.
 */
export async function cleanUp(): Promise<Record<string, number>> {
  const steps: [string, () => Promise<number | void>][] = [
    ['partitions', makePartitions],
    ['inbox', () => dropPartitions('inbox')],
    ['task_event_log', () => dropPartitions('task_event_log')],
    ...leftovers.map((leftover): [string, () => Promise<number>] => [
      leftover.table,
      () => removeOld(leftover),
    ]),
    ['recurring_tasks', removeSeries],
    ['moved_tasks', followZoneData],
  ]
  const removed: Record<string, number> = {}
  const failures: unknown[] = []
  for (const [name, step] of steps) {
    try {
      const count = await step()
      if (count) removed[name] = count
    } catch (error) {
      failures.push(error)
      log.error('housekeeping step failed', { step: name, ...errorFields(error) })
    }
  }
  if (failures.length > 0) throw failures[0]
  return removed
}

async function removeOld({ table, old }: Leftover): Promise<number> {
  let removed = 0
  for (let batch = 0; batch < batchesMax; batch++) {
    const { count } = await sql`
      delete from ${sql(table)}
      where ctid = any(array(
        select ctid
        from ${sql(table)}
        where (${old()})
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
  const [removed] = await sql<[{ count: number }]>`
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
  return removed.count
}
