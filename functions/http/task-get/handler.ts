/**
 * Reads one task of the caller. Its ETag is the version, for `If-Match`. Nothing is answered with 304: `notified`, and `due_at`
 * after a change of zone, move without a new version.
 */
import { Problem } from '../../../shared/contract/problem.ts'
import type { Task } from '../../../shared/contract/task.ts'
import { sql } from '../../../shared/data/sql.ts'
import { taskColumns } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().get('/api/tasks/:task_id', requireUser, params(Params), async (c) => {
  const task = await findTask(c.var.userId, c.req.valid('param').task_id)
  if (!task) throw new Problem('not_found', 'There is no such task, or it is not yours.')
  return c.json(task, 200, { etag: etag(task) })
})

async function findTask(userId: string, taskId: string): Promise<Task | undefined> {
  const [task] = await sql<Task[]>`
    select ${taskColumns()}
    from tasks
    where id = ${taskId} and user_id = ${userId} and deleted_at is null`
  return task
}
