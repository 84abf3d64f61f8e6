/** From events to sums, many at a time. */
import * as v from 'valibot'
import { TaskData, TaskReopenedData, TaskRestoredData } from '../../../shared/contract/events.ts'
import { sql } from '../../../shared/data/sql.ts'
import type { CloudEvent } from '../../../shared/dapr/event.ts'

/** What is counted of any event of a task. */
export const Counted = v.object({
  ...TaskData.entries,
  was_completed_at: v.optional(TaskReopenedData.entries.was_completed_at),
  was: v.optional(TaskRestoredData.entries.was),
})

type Event = CloudEvent<v.InferOutput<typeof Counted>>

/**
 * Counts all `events` in one statement: receipts and sums commit together, so an event that comes again counts nothing. Sums do
 * not depend on the order of the events, and may be below zero until the one before has come. A completion that is taken back
 * is taken off as it was counted, whatever became of the due date since. Rows are written in the order of their users, so that
 * batches wait for each other instead of deadlocking.
 */
export async function count(events: Event[]): Promise<void> {
  const each = <T>(of: (event: Event) => T) => events.map(of)
  await sql`
    with arrived as (
      select distinct on (event_id) *
      from unnest(
        ${each(({ id }) => id)}::uuid[],
        ${each(({ time }) => time)}::timestamptz[],
        ${each(({ data }) => data.user_id)}::uuid[],
        ${each(({ data }) => data.task_id)}::uuid[],
        ${each(is('created'))}::integer[],
        ${each(is('updated'))}::integer[],
        ${each(completions)}::integer[],
        ${each(deletions)}::integer[],
        ${each(({ data }) => data.completed_at ?? data.was_completed_at ?? null)}::timestamptz[],
        ${each(({ data }) => data.due_at)}::timestamptz[]
      ) as arrived
        (event_id, event_time, user_id, task_id, created, updated, completed, deleted, completed_at, due_at)
      order by event_id
    ),
    fresh as (
      insert into inbox (consumer, event_id, event_time)
      select 'task-statistics', event_id, event_time
      from arrived
      on conflict do nothing
      returning event_id
    ),
    told as (
      select
        arrived.*,
        coalesce(
          case when before.is then before.completed_at <= before.due_at else arrived.completed_at <= arrived.due_at end,
          true
        )::integer * completed as completed_on_time
      from fresh
      join arrived on arrived.event_id = fresh.event_id
      left join lateral (
        select
          true as is,
          (event_data ->> 'completed_at')::timestamptz as completed_at,
          (event_data ->> 'due_at')::timestamptz as due_at
        from task_event_log as logged
        where arrived.completed < 0 and logged.task_id = arrived.task_id
          and event_type = 'task.completed' and created_at <= arrived.event_time
        order by created_at desc, id desc
        limit 1
      ) as before on true
    )
    insert into task_statistics as counted (user_id, created, updated, completed, completed_on_time, deleted)
    select users.id, sum(created), sum(updated), sum(completed), sum(completed_on_time), sum(deleted)
    from told
    join users on users.id = told.user_id
    group by users.id
    order by users.id
    on conflict (user_id) do update
    set
      created = counted.created + excluded.created,
      updated = counted.updated + excluded.updated,
      completed = counted.completed + excluded.completed,
      completed_on_time = counted.completed_on_time + excluded.completed_on_time,
      deleted = counted.deleted + excluded.deleted,
      updated_at = clock_now()`
}

const is =
  (verb: string) =>
  ({ type }: CloudEvent): number =>
    Number(type === `todo.task.${verb}.v1`)

const completions = (event: CloudEvent): number => is('completed')(event) - is('reopened')(event)

const deletions = (event: Event): number => is('deleted')(event) - Number(event.data.was === 'deleted')
