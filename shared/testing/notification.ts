/** Notifications for tests. */
import { sql } from '../data/sql.ts'
import { addTask } from './task.ts'
import type { TestUser } from './user.ts'

type Fields = { title?: string; read?: boolean; email?: 'sent' | 'failed'; reason?: string | null }

/** Adds a notification of a task of its own, with a delivery on each channel, and answers its id. */
export async function addNotification(user: TestUser, fields: Fields = {}): Promise<string> {
  const { title = 'Pay rent', read = false, email = 'sent', reason = null } = fields
  const task = await addTask(user, { title, due_date: '2026-01-01T09:00:00Z' })
  const [notification] = await sql<[{ id: string }]>`
    with reminder as (
      update reminders
      set state = 'fired', fired_at = clock_now()
      where task_id = ${task}
      returning id, task_id, user_id, remind_at
    ),
    delivery as (
      insert into deliveries (user_id, task_id, reminder_id, channel, state, reason, attempts, sent_at)
      select user_id, task_id, id, 'in_app', 'sent', null, 0, clock_now() from reminder
      union all
      select user_id, task_id, id, 'email', ${email}, ${reason}, 1, case when ${email} = 'sent' then clock_now() end
      from reminder
    )
    insert into notifications (user_id, task_id, reminder_id, title, due_date, due_at, remind_at, read_at)
    select user_id, task_id, id, ${title}, '2026-01-01T09:00:00Z', remind_at, remind_at,
      case when ${read} then clock_now() end
    from reminder
    returning id`
  return notification.id
}
