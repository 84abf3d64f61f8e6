/** Notifications for tests. */
import { sql } from '../data/sql.ts'
import { addTask } from './task.ts'
import type { TestUser } from './user.ts'

type Fields = { task_id?: string; title?: string; created_at?: string; read_at?: string | null }

/** Adds a notification with a planned mail, and answers its id. */
export async function addNotification(user: TestUser, fields: Fields = {}): Promise<string> {
  const { title = 'Pay rent', created_at = '2026-01-15T09:00:00.5Z', read_at = null } = fields
  const taskId = fields.task_id ?? (await addTask(user, { title }))
  const [notification] = await sql<[{ id: string }]>`
    with reminder as (
      insert into reminders (task_id, user_id, remind_at, state, fired_at)
      values (${taskId}, ${user.id}, '2026-01-15T09:00:00Z', 'fired', '2026-01-15T09:00:00Z')
      returning id
    ),
    delivery as (
      insert into deliveries (user_id, task_id, reminder_id, channel, planned_at)
      select ${user.id}, ${taskId}, id, 'email', ${created_at}::timestamptz
      from reminder
    )
    insert into notifications (user_id, task_id, reminder_id, title, remind_at, created_at, read_at)
    select ${user.id}, ${taskId}, id, ${title}, '2026-01-15T09:00:00Z', ${created_at}, ${read_at}
    from reminder
    returning id`
  return notification.id
}
