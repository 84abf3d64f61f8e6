/**
 * Marks a task as done, cancels its reminders and announces it as `task-completed`. A series goes on: its next task is made
 * at once and told in the reply. A task that is done already stays as it is.
 */
import type { Task } from '../../../shared/contract/task.ts'
import { completeOfSeries } from '../../../shared/data/complete.ts'
import type { Closed } from '../../../shared/data/close-occurrence.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import {
  cancelReminders,
  findTask,
  isVersion,
  noSuchTask,
  seriesIdOf,
  taskOrFound,
} from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, matched } from '../../../shared/http/etag.ts'
import { refuseFuture } from '../../../shared/http/future.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { Body, Params } from './schema.ts'

export default createApp().post(
  '/api/tasks/:task_id/complete',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const version = expectedVersion(c.req.header('if-match'))
    const { completed_at } = c.req.valid('json')
    if (completed_at !== undefined) await refuseFuture('completed_at', completed_at)
    const { task, next } = await complete(c.var.userId, c.req.valid('param').task_id, version, completed_at)
    return c.json({ ...task, next }, 200, { etag: etag(task) })
  },
)

async function complete(
  userId: string,
  taskId: string,
  version: number | null,
  completedAt: string | undefined,
): Promise<Closed> {
  const answer = await completePlain(userId, taskId, version, completedAt)
  if (answer) return { task: matched(answer, version), next: null }
  const recurring_task_id = await seriesIdOf(userId, taskId)
  if (recurring_task_id === null) throw noSuchTask()
  return transaction(() => completeOfSeries(userId, { id: taskId, recurring_task_id }, version, completedAt))
}

/** A task of a series is not found, and so not locked: its series is locked before. */
async function completePlain(
  userId: string,
  taskId: string,
  version: number | null,
  completedAt: string | undefined,
) {
  // `least` leaves nulls out.
  const [answer] = await sql<(Task & { seen_version: number })[]>`
    with ${findTask(userId, taskId, sql`recurring_task_id is null`)},
    task as (
      update tasks
      set
        status = 'done', completed_at = least(${completedAt ?? null}::timestamptz, clock_now()),
        closed_at = clock_now(), closed_by = 'task-complete', version = tasks.version + 1, updated_at = clock_now()
      from found
      where tasks.id = found.id and found.status = 'open' and ${isVersion(version)}
      returning tasks.*
    ),
    ${cancelReminders()},
    ${emit('task.completed', 'task')}
    ${taskOrFound()}`
  return answer
}
