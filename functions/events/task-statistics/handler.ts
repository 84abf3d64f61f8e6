/** Counts what each user created, changed, completed in time or late, and deleted. */
import * as v from 'valibot'
import { TaskData, TaskReopenedData } from '../../../shared/contract/events.ts'
import { done, event, requireSidecar } from '../../../shared/dapr/event.ts'
import { once } from '../../../shared/data/inbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'

const types = [
  'todo.task.created.v1',
  'todo.task.updated.v1',
  'todo.task.completed.v1',
  'todo.task.reopened.v1',
  'todo.task.deleted.v1',
]

/** What is counted of any of them. */
const Counted = v.object({
  ...TaskData.entries,
  was_completed_at: v.optional(TaskReopenedData.entries.was_completed_at),
})

export default createApp().post(
  '/events/task-statistics',
  requireSidecar,
  event(types, Counted),
  async (c) => {
    const given = c.req.valid('json')
    await once('task-statistics', given, () => count(given.type, given.data))
    return done(c)
  },
)

/** Sums do not depend on the order of the events. A completion that is taken back is taken off. */
async function count(type: string, data: v.InferOutput<typeof Counted>): Promise<void> {
  const is = (verb: string) => Number(type === `todo.task.${verb}.v1`)
  const { user_id, due_at, completed_at, was_completed_at } = data
  const doneAt = completed_at ?? was_completed_at
  const inTime = Number(!due_at || !doneAt || Date.parse(doneAt) <= Date.parse(due_at))
  await sql`
    insert into task_statistics as counted (user_id, created, updated, completed, completed_on_time, deleted)
    values (
      ${user_id}, ${is('created')}, ${is('updated')}, ${is('completed')}, ${is('completed') * inTime}, ${is('deleted')}
    )
    on conflict (user_id) do update
    set
      created = counted.created + excluded.created,
      updated = counted.updated + excluded.updated,
      completed = counted.completed + excluded.completed - ${is('reopened')},
      completed_on_time = counted.completed_on_time + excluded.completed_on_time - ${is('reopened') * inTime},
      deleted = counted.deleted + excluded.deleted,
      updated_at = clock_now()`
}
