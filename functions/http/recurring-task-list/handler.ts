/** Lists the series of the caller, the newest first. */
import type { InferOutput } from 'valibot'
import { seriesColumns, toRecurringTask, type SeriesRow } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { cutPage, InstantKey, readPage, totalMax, type Page } from '../../../shared/http/paging.ts'
import { query } from '../../../shared/http/validate.ts'
import { Query } from './schema.ts'

export default createApp().get('/api/recurring-tasks', requireUser, query(Query), async (c) => {
  const page = readPage(c.req.valid('query'), '-created_at', InstantKey)
  const [rows, total] = await Promise.all([listSeries(c.var.userId, page), countSeries(c.var.userId)])
  const cut = cutPage(rows, page, ({ created_at, id }) => ({ key: created_at, id }))
  return c.json({ ...cut, items: cut.items.map(toRecurringTask), total, page: page.number })
})

const listSeries = (userId: string, { after, limit, offset }: Page<InferOutput<typeof InstantKey>>) => sql<
  SeriesRow[]
>`
  select ${seriesColumns()}
  from recurring_tasks
  where user_id = ${userId} and deleted_at is null
    ${after ? sql`and (created_at, id) < (${after.key}::timestamptz, ${after.id}::uuid)` : sql``}
  order by created_at desc, id desc
  limit ${limit}
  offset ${offset}`

async function countSeries(userId: string): Promise<number> {
  const [row] = await sql<[{ total: number }]>`
    select count(*) as total
    from (
      select from recurring_tasks
      where user_id = ${userId} and deleted_at is null
      limit ${totalMax}
    ) as counted`
  return row.total
}
