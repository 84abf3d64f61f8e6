/** Marks a notification as read. Doing it twice is doing it once: the first time counts. */
import { Problem } from '../../../shared/contract/problem.ts'
import type { Notification } from '../../../shared/contract/notification.ts'
import { notificationColumns } from '../../../shared/data/notifications.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().post(
  '/api/notifications/:notification_id/read',
  requireUser,
  params(Params),
  async (c) => {
    const notification = await markRead(c.var.userId, c.req.valid('param').notification_id)
    if (!notification) throw new Problem('not_found', 'There is no such notification, or it is not yours.')
    return c.json(notification)
  },
)

async function markRead(userId: string, notificationId: string): Promise<Notification | undefined> {
  const [notification] = await sql<Notification[]>`
    update notifications
    set read_at = coalesce(read_at, clock_now())
    where id = ${notificationId} and user_id = ${userId}
    returning ${notificationColumns()}`
  return notification
}
