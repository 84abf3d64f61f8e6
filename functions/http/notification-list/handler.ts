/** Lists the caller's notifications, the newest first, with what became of them on each channel. */
import type { Fragment } from 'postgres'
import type { InferOutput } from 'valibot'
import type { Notification } from '../../../shared/contract/notification.ts'
import { notificationColumns } from '../../../shared/data/notifications.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { cutPage, InstantKey, readPage, totalMax, type Page } from '../../../shared/http/paging.ts'
import { query } from '../../../shared/http/validate.ts'
import { Query } from './schema.ts'

export default createApp().get('/api/notifications', requireUser, query(Query), async (c) => {
  const given = c.req.valid('query')
  const page = readPage(given, '-created_at', InstantKey)
  const matches = matching(c.var.userId, given)
  const [notifications, counts] = await Promise.all([readPageOf(matches, page), count(c.var.userId, matches)])
  const { items, page_size, next_cursor } = cutPage(notifications, page, ({ created_at, id }) => ({
    key: created_at,
    id,
  }))
  return c.json({
    items,
    total: counts.total,
    page: page.number,
    page_size,
    next_cursor,
    unread: counts.unread,
  })
})

const matching = (userId: string, { unread, task_id }: InferOutput<typeof Query>): Fragment => sql`
  user_id = ${userId}
  ${unread ? sql`and read_at is null` : sql``}
  ${task_id ? sql`and task_id = ${task_id}` : sql``}`

/** The page is cut out first: deliveries are read for its rows alone, not for those before it. */
const readPageOf = (matches: Fragment, { after, limit, offset }: Page<string>) => sql<Notification[]>`
  select ${notificationColumns()}
  from (
    select *
    from notifications
    where ${matches} ${after ? sql`and (created_at, id) < (${after.key}, ${after.id})` : sql``}
    order by created_at desc, id desc
    limit ${limit} offset ${offset}
  ) as notification
  order by created_at desc, id desc`

async function count(userId: string, matches: Fragment) {
  const [counts] = await sql<[{ total: number; unread: number }]>`
    select
      (select count(*) from (select from notifications where ${matches} limit ${totalMax}) as counted) as total,
      (
        select count(*)
        from (select from notifications where user_id = ${userId} and read_at is null limit ${totalMax}) as counted
      ) as unread`
  return counts
}
