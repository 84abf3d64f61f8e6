/** Adds a task to the caller's list, plans its reminder and announces it as `task-created`. */
import type { InferOutput } from 'valibot'
import type { Task } from '../../../shared/contract/task.ts'
import { holdClock, needsClock, planDue } from '../../../shared/data/due.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { insertFirstReminders, taskColumns } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { body } from '../../../shared/http/validate.ts'
import { Body } from './schema.ts'

export default createApp().post('/api/tasks', requireUser, body(Body), async (c) => {
  const task = await create(c.var.userId, c.req.valid('json'))
  return c.json(task, 201, { location: `/api/tasks/${task.id}`, etag: etag(task) })
})

type Draft = InferOutput<typeof Body>

async function create(userId: string, draft: Draft): Promise<Task> {
  if (!needsClock(draft.due_date, draft.reminders)) return insertTask(userId, draft)
  return transaction(async () => {
    await holdClock(userId)
    return insertTask(userId, draft)
  })
}

async function insertTask(
  userId: string,
  { title, description, priority, tags, due_date, reminders }: Draft,
): Promise<Task> {
  const due = await planDue(userId, due_date, reminders)
  const [task] = await sql<[Task]>`
    with task as (
      insert into tasks (user_id, title, description, priority, tags, due_date, due_at, reminders)
      values (
        ${userId}, ${title}, ${description ?? null}, ${priority}, ${tags},
        ${due.due_date}, ${due.due_at}::timestamptz, ${reminders}
      )
      returning ${taskColumns()}
    ),
    ${insertFirstReminders(due.planned)},
    ${emit('task.created', 'task')}
    select *
    from task`
  return task
}
