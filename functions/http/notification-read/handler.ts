/** Marks a notification of the caller as read, or `all` of them. Once more changes nothing: the first time stays. */
import type { Notification } from '../../../shared/contract/notification.ts'
import { Problem } from '../../../shared/contract/problem.ts'
import { notificationColumns } from '../../../shared/data/notifications.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

/** Of `all`, as many as one statement takes without holding up others; the reply says how many, so a client can go on. */
const readMax = 10_000

export default createApp().post(
  '/api/notifications/:notification_id/read',
  requireUser,
  params(Params),
  async (c) => {
    const { notification_id } = c.req.valid('param')
    if (notification_id === 'all') return c.json({ read: await readAll(c.var.userId) })
    const notification = await readOne(c.var.userId, notification_id)
    if (!notification) throw new Problem('not_found', 'There is no such notification, or it is not yours.')
    return c.json(notification)
  },
)

async function readOne(userId: string, notificationId: string): Promise<Notification | undefined> {
  const [notification] = await sql<Notification[]>`
    update notifications as notification
    set read_at = coalesce(read_at, clock_now())
    where id = ${notificationId} and user_id = ${userId}
    returning ${notificationColumns()}`
  return notification
}

async function readAll(userId: string): Promise<number> {
  const { count } = await sql`
    with unread as (
      select id
      from notifications
      where user_id = ${userId} and read_at is null
      order by created_at, id
      limit ${readMax}
      for update
    )
    update notifications
    set read_at = clock_now()
    from unread
    where notifications.id = unread.id`
  return count
}
