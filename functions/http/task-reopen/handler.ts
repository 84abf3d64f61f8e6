/**
 * Takes a completion back, plans the reminder again if it is still to come, and announces it as `task.reopened` on
 * `task-updated`. An open task stays as it is.
 */
import { Problem } from '../../../shared/contract/problem.ts'
import type { Task } from '../../../shared/contract/task.ts'
import { planDue } from '../../../shared/data/due.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { findTask, isVersion, planReminder, taskOrFound } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, matched } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().post('/api/tasks/:task_id/reopen', requireUser, params(Params), async (c) => {
  const version = expectedVersion(c.req.header('if-match'))
  const answer = await reopenTask(c.var.userId, c.req.valid('param').task_id, version)
  if (!answer) throw new Problem('not_found', 'There is no such task, or it is not yours.')
  const task = matched(answer, version)
  return c.json(task, 200, { etag: etag(task) })
})

/** In a transaction, because the engine plans between the reading and the writing: zone or rules may have changed. */
const reopenTask = (userId: string, taskId: string, version: number | null) =>
  transaction(async () => {
    const [found] = await sql<{ due_date: string | null }[]>`
      with ${findTask(userId, taskId)}
      select due_date from found`
    const due = await planDue(userId, found?.due_date)
    const [answer] = await sql<(Task & { seen_version: number })[]>`
      with ${findTask(userId, taskId)},
      task as (
        update tasks
        set
          status = 'open', completed_at = null, due_at = ${due.due_at}::timestamptz,
          version = tasks.version + 1, updated_at = clock_now()
        from found
        where tasks.id = found.id and found.status = 'done' and ${isVersion(version)}
        returning tasks.*
      ),
      to_remind as (
        select id, user_id
        from task
        where due_at > clock_now() and not exists (
          select from reminders
          where task_id = task.id and state = 'fired' and remind_at = ${due.remind_at}::timestamptz
        )
      ),
      ${planReminder(due.remind_at, 'to_remind')},
      ${emit(
        'task.reopened',
        'task',
        sql`jsonb_build_object('was_completed_at', (select completed_at from found))`,
      )}
      ${taskOrFound()}`
    return answer
  })
