/**
 * Takes a completion back, plans the reminders that are still to come again, and announces it as `task.reopened` on
 * `task-updated`. The next task of a series, which was made by the completion, is taken back too, unless it was touched.
 */
import { reopenTask } from '../../../shared/data/reopen.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().post('/api/tasks/:task_id/reopen', requireUser, params(Params), async (c) => {
  const version = expectedVersion(c.req.header('if-match'))
  const task = await transaction(() => reopenTask(c.var.userId, c.req.valid('param').task_id, version))
  return c.json(task, 200, { etag: etag(task) })
})
