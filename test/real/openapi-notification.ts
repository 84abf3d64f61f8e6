/** A notification that came the way they all come: a due task, the scan, and the event at its handler. */
import createTask from '../../functions/http/task-create/handler.ts'
import planNotification from '../../functions/events/notification-plan/handler.ts'
import { fireReminders } from '../../functions/schedules/due-scan/fire.ts'
import { sql } from '../../shared/data/sql.ts'
import { inContext } from '../../shared/testing/context.ts'
import { appToken } from '../../shared/testing/database.ts'
import type { TestUser } from '../../shared/testing/user.ts'

/** Answers the id of a new notification of the user. */
export async function planNotificationFor(user: TestUser): Promise<string> {
  await createTask.request('/api/tasks', {
    method: 'POST',
    headers: user.headers,
    body: JSON.stringify({ title: 'due', due_date: '2020-01-01T00:00:00Z' }),
  })
  await inContext(fireReminders)
  const [logged] = await sql<{ id: string; time: string; data: object }[]>`
    select id, created_at as time, event_data as data
    from task_event_log
    where event_type = 'task.due-soon' and user_id = ${user.id}`
  const event = { specversion: '1.0', source: 'todo', type: 'todo.task.due-soon.v1', ...logged }
  await planNotification.request('/events/notification-plan', {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', 'dapr-api-token': appToken },
    body: JSON.stringify(event),
  })
  const [notification] = await sql<{ id: string }[]>`select id from notifications where user_id = ${user.id}`
  return notification!.id
}
