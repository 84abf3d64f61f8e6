/**
 * Takes a command on a task back, as one step that is itself in the history: any command of its owner of the last thirty days
 * whose result nothing has changed since.
 */
import { context, withChanged } from '../../../shared/runtime/context.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { commandToUndo } from './command.ts'
import { Body, Params } from './schema.ts'
import { takeBack } from './take-back.ts'

export default createApp().post(
  '/api/tasks/:task_id/undo',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const { task_id } = c.req.valid('param')
    const { event_id } = c.req.valid('json')
    const task = await transaction(() => undo(c.var.userId, task_id, event_id))
    return task ? c.json(task, 200, { etag: etag(task) }) : c.body(null, 204)
  },
)

async function undo(userId: string, taskId: string, eventId: string | undefined) {
  const command = await commandToUndo(userId, taskId, eventId)
  const cause = { ...context()!.cause, undoes: command.id }
  return withChanged({ cause }, () => takeBack(userId, taskId, command))
}
