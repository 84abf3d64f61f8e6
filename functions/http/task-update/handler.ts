/**
 * Changes the given fields of a task, plans its reminders anew when the due date moves, and announces what changed as
 * `task-updated`. What changes nothing announces nothing.
 */
import { changeTask } from '../../../shared/data/change-task.ts'
import { noSuchTask } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, matched } from '../../../shared/http/etag.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { Body, Params } from './schema.ts'

export default createApp().on(
  ['PUT', 'PATCH'],
  '/api/tasks/:task_id',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const version = expectedVersion(c.req.header('if-match'))
    const answer = await changeTask(c.var.userId, c.req.valid('param').task_id, version, c.req.valid('json'))
    if (!answer) throw noSuchTask()
    const task = matched(answer, version)
    return c.json(task, 200, { etag: etag(task) })
  },
)
