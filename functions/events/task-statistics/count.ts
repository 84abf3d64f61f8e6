/** From events to sums, many at a time. */
import * as v from 'valibot'
import { TaskData, TaskReopenedData, TaskRestoredData } from '../../../shared/contract/events.ts'
import { sql } from '../../../shared/data/sql.ts'
import type { CloudEvent } from '../../../shared/dapr/event.ts'

/** What is counted of any event of a task, and no more: the rest of an event is other consumers' business. */
export const Counted = v.object({
  ...v.pick(TaskData, ['task_id', 'user_id', 'completed_at', 'due_at']).entries,
  was_completed_at: v.optional(TaskReopenedData.entries.was_completed_at),
  was: v.optional(TaskRestoredData.entries.was),
})

type Event = CloudEvent<v.InferOutput<typeof Counted>>

/** When a task was completed, and when it was due then. */
type Completion = { completed_at: string | null; due_at: string | null }

/**
 * Counts all `events` in one statement: receipts and sums commit together, so an event that comes again counts nothing. Sums do
 * not depend on the order of the events, and may be below zero until the one before has come. Rows are written in the order of
 * their users, so that batches wait for each other instead of deadlocking.
 */
export async function count(events: Event[]): Promise<void> {
  const takenBack = await completionsTakenBack(events)
  const completionOf = ({ id, data }: Event): Completion =>
    takenBack.get(id) ?? {
      completed_at: data.completed_at ?? data.was_completed_at ?? null,
      due_at: data.due_at,
    }
  const each = <T>(of: (event: Event) => T) => events.map(of)
  await sql`
    with arrived as (
      select distinct on (event_id)
        *, coalesce(completed_at <= due_at, true)::integer * completed as completed_on_time
      from unnest(
        ${each(({ id }) => id)}::uuid[],
        ${each(({ time }) => time)}::timestamptz[],
        ${each(({ data }) => data.user_id)}::uuid[],
        ${each(is('created'))}::integer[],
        ${each(is('updated'))}::integer[],
        ${each(completions)}::integer[],
        ${each(deletions)}::integer[],
        ${each((event) => completionOf(event).completed_at)}::timestamptz[],
        ${each((event) => completionOf(event).due_at)}::timestamptz[]
      ) as arrived (event_id, event_time, user_id, created, updated, completed, deleted, completed_at, due_at)
      order by event_id
    ),
    fresh as (
      insert into inbox (consumer, event_id, event_time)
      select 'task-statistics', event_id, event_time
      from arrived
      on conflict do nothing
      returning event_id
    )
    insert into task_statistics as counted (user_id, created, updated, completed, completed_on_time, deleted)
    select users.id, sum(created), sum(updated), sum(completed), sum(completed_on_time), sum(deleted)
    from fresh
    join arrived on arrived.event_id = fresh.event_id
    join users on users.id = arrived.user_id
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

/**
 * What each reopening takes off, by the id of its event: the completion as it was counted, whatever became of the due date
 * since. A statement of its own: Postgres plans `count` for each event, and the log with all its partitions took three
 * quarters of the time.
 */
async function completionsTakenBack(events: Event[]): Promise<Map<string, Completion>> {
  const reopened = events.filter((event) => completions(event) < 0)
  if (reopened.length === 0) return new Map()
  const rows = await sql<(Completion & { event_id: string })[]>`
    select event_id, before.*
    from unnest(
      ${reopened.map(({ id }) => id)}::uuid[],
      ${reopened.map(({ time }) => time)}::timestamptz[],
      ${reopened.map(({ data }) => data.task_id)}::uuid[]
    ) as reopened (event_id, event_time, task_id)
    cross join lateral (
      select event_data ->> 'completed_at' as completed_at, event_data ->> 'due_at' as due_at
      from task_event_log as logged
      where logged.task_id = reopened.task_id
        and event_type = 'task.completed' and created_at <= reopened.event_time
      order by created_at desc, id desc
      limit 1
    ) as before`
  return new Map(rows.map(({ event_id, ...completion }) => [event_id, completion]))
}

const is =
  (verb: string) =>
  ({ type }: CloudEvent): number =>
    Number(type === `todo.task.${verb}.v1`)

const completions = (event: CloudEvent): number => is('completed')(event) - is('reopened')(event)

const deletions = (event: Event): number => is('deleted')(event) - Number(event.data.was === 'deleted')
