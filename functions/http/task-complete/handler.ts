/** Marks a task as done, cancels its reminders and announces it as `task-completed`. Doing it twice is doing it once. */
import { Problem } from '../../../shared/contract/problem.ts'
import type { Task } from '../../../shared/contract/task.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import { cancelReminders, findTask, isVersion, taskOrFound } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, matched } from '../../../shared/http/etag.ts'
import { body, params, refuse } from '../../../shared/http/validate.ts'
import { Body, Params } from './schema.ts'

export default createApp().post(
  '/api/tasks/:task_id/complete',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const version = expectedVersion(c.req.header('if-match'))
    const { completed_at } = c.req.valid('json')
    if (completed_at !== undefined) await refuseFuture(completed_at)
    const answer = await completeTask(c.var.userId, c.req.valid('param').task_id, version, completed_at)
    if (!answer) throw new Problem('not_found', 'There is no such task, or it is not yours.')
    const task = matched(answer, version)
    return c.json(task, 200, { etag: etag(task) })
  },
)

/** Clocks differ: what is a little ahead of ours is taken, and counts as now. */
async function refuseFuture(completedAt: string): Promise<void> {
  const [row] = await sql<[{ ahead: boolean }]>`
    select ${completedAt}::timestamptz > clock_now() + interval '5 minutes' as ahead`
  if (row.ahead)
    refuse([{ field: 'completed_at', message: 'This is in the future. Use an instant that has been.' }])
}

async function completeTask(
  userId: string,
  taskId: string,
  version: number | null,
  completedAt: string | undefined,
) {
  // `least` leaves nulls out.
  const [answer] = await sql<(Task & { seen_version: number })[]>`
    with ${findTask(userId, taskId)},
    task as (
      update tasks
      set
        status = 'done', completed_at = least(${completedAt ?? null}::timestamptz, clock_now()),
        version = tasks.version + 1, updated_at = clock_now()
      from found
      where tasks.id = found.id and found.status = 'open' and ${isVersion(version)}
      returning tasks.*
    ),
    ${cancelReminders()},
    ${emit('task.completed', 'task')}
    ${taskOrFound()}`
  return answer
}
