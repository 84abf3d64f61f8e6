/** Dead letters, looked at and sent again. */
import type { Fragment } from 'postgres'
import type { DeadLetter } from '../contract/dead-letter.ts'
import { sql } from './sql.ts'

/** Dead letters that one call sends again at most. */
export const replayMax = 10_000

type Wanted = { state?: DeadLetter['state'] | undefined; after?: { key: string; id: string } | undefined }

/** The newest dead letters first, without their bodies; those of one state, or those behind the last of a page before. */
export const listDeadLetters = (limit: number, { state, after }: Wanted = {}): Promise<DeadLetter[]> => sql<
  DeadLetter[]
>`
  select id, event_id, topic, consumer, error, attempts, state, created_at, replayed_at
  from dead_letters
  where ${state ? sql`state = ${state}` : sql`true`}
    ${after ? sql`and (created_at, id) < (${after.key}, ${after.id})` : sql``}
  order by created_at desc, id desc
  limit ${limit}`

/** One dead letter with the body as it arrived. */
export async function findDeadLetter(id: string): Promise<(DeadLetter & { event: string }) | undefined> {
  const [letter] = await sql<(DeadLetter & { event: string })[]>`
    select id, event_id, topic, consumer, error, attempts, state, created_at, replayed_at, event
    from dead_letters
    where id = ${id}`
  return letter
}

/** Sends the event of one dead letter again, whether it was replayed before or not. False when the log does not have it. */
export async function replayOne(id: string): Promise<boolean> {
  return (await replay(sql`dead_letters.id = ${id}`)) > 0
}

/**
 * Sends the events of the dead letters again that were stored from `from` (inclusive) to `to` (exclusive) and not replayed
 * since. Answers how many were, at most `replayMax`, and how many cannot be because the log does not have their events.
 */
export async function replayRange(from: string, to: string): Promise<{ replayed: number; missing: number }> {
  const inRange = sql`
    dead_letters.state = 'stored'
    and dead_letters.created_at >= ${from}::timestamptz and dead_letters.created_at < ${to}::timestamptz`
  const [{ missing }] = await sql<[{ missing: number }]>`
    select count(*) as missing
    from dead_letters
    where ${inRange}
      and not exists (select from task_event_log where id = dead_letters.event_id and topic is not null)`
  return { replayed: await replay(inRange), missing }
}

/**
 * Queues the events as the log has them, oldest first, so that the order within a task stays. Consumers that have a receipt
 * ignore them. A mail that was given up is planned again, and failures are counted anew.
 */
async function replay(which: Fragment): Promise<number> {
  const replayed = await sql`
    with wanted as (
      select
        dead_letters.id, logged.id as event_id, logged.created_at as event_time, logged.topic, logged.event_type,
        logged.event_data, coalesce(logged.task_id, logged.recurring_task_id) as partition_key
      from dead_letters
      join task_event_log as logged on logged.id = dead_letters.event_id and logged.topic is not null
      where ${which}
      order by logged.created_at, logged.id
      limit ${replayMax}
      for update of dead_letters
    ),
    queued as (
      insert into outbox (event_id, event_time, topic, partition_key)
      select distinct event_id, event_time, topic, partition_key
      from wanted
      where not exists (select from outbox where outbox.event_id = wanted.event_id)
      order by event_time, event_id
    ),
    mail as (
      update deliveries
      set state = 'planned', reason = null, updated_at = clock_now()
      from wanted
      where wanted.event_type = 'notification.email' and deliveries.state = 'failed'
        and deliveries.id = (wanted.event_data ->> 'delivery_id')::uuid
    ),
    forgotten as (
      delete from event_failures
      using wanted
      where event_failures.event_id = wanted.event_id
    )
    update dead_letters
    set state = 'replayed', replayed_at = clock_now()
    from wanted
    where dead_letters.id = wanted.id
    returning 1`
  return replayed.length
}
