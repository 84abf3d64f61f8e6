/** Lists the notifications of the caller, the latest first, each with what became of it on every channel. */
import type { InferOutput } from 'valibot'
import type { Notification } from '../../../shared/contract/notification.ts'
import { notificationColumns } from '../../../shared/data/notifications.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { cutPage, InstantKey, readPage, totalMax, type Page } from '../../../shared/http/paging.ts'
import { query } from '../../../shared/http/validate.ts'
import { Query } from './schema.ts'

type Filter = Pick<InferOutput<typeof Query>, 'unread' | 'task_id'>

export default createApp().get('/api/notifications', requireUser, query(Query), async (c) => {
  const { userId } = c.var
  const filter = c.req.valid('query')
  const page = readPage(filter, '-created_at', InstantKey)
  const [rows, total, unread] = await Promise.all([
    listNotifications(userId, filter, page),
    countNotifications(userId, filter),
    countNotifications(userId, { unread: 'true' }),
  ])
  const cut = cutPage(rows, page, ({ created_at, id }) => ({ key: created_at, id }))
  return c.json({ ...cut, total, page: page.number, unread })
})

const matching = (userId: string, { unread, task_id }: Filter) => sql`
  user_id = ${userId}
    ${unread ? sql`and read_at is null` : sql``}
    ${task_id ? sql`and task_id = ${task_id}` : sql``}`

const listNotifications = (userId: string, filter: Filter, { after, limit, offset }: Page<string>) => sql<
  Notification[]
>`
  select ${notificationColumns()}
  from notifications
  where ${matching(userId, filter)}
    ${after ? sql`and (created_at, id) < (${after.key}::timestamptz, ${after.id}::uuid)` : sql``}
  order by created_at desc, id desc
  limit ${limit}
  offset ${offset}`

async function countNotifications(userId: string, filter: Filter): Promise<number> {
  const [row] = await sql<[{ total: number }]>`
    select count(*) as total
    from (
      select from notifications
      where ${matching(userId, filter)}
      limit ${totalMax}
    ) as counted`
  return row.total
}
