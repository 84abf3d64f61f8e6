/** Deletes a task, cancels its reminders and announces it as `task-deleted`. The row is hidden now and removed later. */
import { Problem } from '../../../shared/contract/problem.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import { cancelReminders, findTask, isVersion } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { expectedVersion, matched } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().delete('/api/tasks/:task_id', requireUser, params(Params), async (c) => {
  const version = expectedVersion(c.req.header('if-match'))
  const found = await deleteTask(c.var.userId, c.req.valid('param').task_id, version)
  if (!found) throw new Problem('not_found', 'There is no such task, or it is not yours.')
  matched(found, version)
  return c.body(null, 204)
})

async function deleteTask(userId: string, taskId: string, version: number | null) {
  const [found] = await sql<{ seen_version: number }[]>`
    with ${findTask(userId, taskId)},
    task as (
      update tasks
      set deleted_at = clock_now(), version = tasks.version + 1, updated_at = clock_now()
      from found
      where tasks.id = found.id and ${isVersion(version)}
      returning tasks.*
    ),
    ${cancelReminders()},
    ${emit('task.deleted', 'task')}
    select version as seen_version
    from found`
  return found
}
