/** Counts what each user created, changed, completed in time or late, and deleted. */
import * as v from 'valibot'
import { TaskData, TaskReopenedData, TaskRestoredData } from '../../../shared/contract/events.ts'
import { done, event, requireSidecar, type CloudEvent } from '../../../shared/dapr/event.ts'
import { once } from '../../../shared/data/inbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'

const types = [
  'todo.task.created.v1',
  'todo.task.updated.v1',
  'todo.task.completed.v1',
  'todo.task.reopened.v1',
  'todo.task.deleted.v1',
  'todo.task.restored.v1',
  'todo.task.skipped.v1',
  'todo.task.missed.v1',
  'todo.task.cancelled.v1',
]

/** What is counted of any of them. */
const Counted = v.object({
  ...TaskData.entries,
  was_completed_at: v.optional(TaskReopenedData.entries.was_completed_at),
  was: v.optional(TaskRestoredData.entries.was),
})

export default createApp().post(
  '/events/task-statistics',
  requireSidecar,
  event(types, Counted),
  async (c) => {
    const given = c.req.valid('json')
    await once('task-statistics', given, () => count(given))
    return done(c)
  },
)

/**
 * Sums do not depend on the order of the events, and may be below zero until the one before has come. A completion that is
 * taken back is taken off as it was counted, whatever became of the due date since.
 */
async function count({ type, time, data }: CloudEvent<v.InferOutput<typeof Counted>>): Promise<void> {
  const is = (verb: string) => Number(type === `todo.task.${verb}.v1`)
  const completions = is('completed') - is('reopened')
  const deletions = is('deleted') - (data.was === 'deleted' ? 1 : 0)
  const { user_id, task_id, due_at, completed_at, was_completed_at } = data
  await sql`
    with given as (
      select ${completed_at ?? was_completed_at ?? null}::timestamptz as completed_at, ${due_at}::timestamptz as due_at
    ),
    counted_then as (
      select (event_data ->> 'completed_at')::timestamptz as completed_at, (event_data ->> 'due_at')::timestamptz as due_at
      from task_event_log
      where task_id = ${task_id} and event_type = 'task.completed' and created_at <= ${time} and ${completions} < 0
      order by created_at desc, id desc
      limit 1
    ),
    completion as (
      select coalesce(completed_at <= due_at, true)::integer * ${completions}::integer as on_time
      from (
        select * from counted_then
        union all
        select * from given where not exists (select from counted_then)
      ) as told
    )
    insert into task_statistics as counted (user_id, created, updated, completed, completed_on_time, deleted)
    select users.id, ${is('created')}, ${is('updated')}, ${completions}, completion.on_time, ${deletions}
    from users
    cross join completion
    where users.id = ${user_id}
    on conflict (user_id) do update
    set
      created = counted.created + excluded.created,
      updated = counted.updated + excluded.updated,
      completed = counted.completed + excluded.completed,
      completed_on_time = counted.completed_on_time + excluded.completed_on_time,
      deleted = counted.deleted + excluded.deleted,
      updated_at = clock_now()`
}
