/** Lists and searches the caller's tasks, in pages. */
import type { Fragment } from 'postgres'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { cutPage, readPage, totalMax } from '../../../shared/http/paging.ts'
import { query } from '../../../shared/http/validate.ts'
import { matching, presentFor } from './filter.ts'
import { keyOf, positionIn, readTasks } from './order.ts'
import { Query } from './schema.ts'

export default createApp().get('/api/tasks', requireUser, query(Query), async (c) => {
  const given = c.req.valid('query')
  const page = readPage(given, given.sort, keyOf(given.sort))
  const matches = matching(c.var.userId, given, await presentFor(c.var.userId, given))
  const searched = given.q !== undefined || given.tag !== undefined
  const [tasks, total] = await Promise.all([
    readTasks(matches, searched, given.sort, page),
    countTasks(matches),
  ])
  const { items, page_size, next_cursor } = cutPage(tasks, page, positionIn(given.sort))
  return c.json({ items, total, page: page.number, page_size, next_cursor })
})

async function countTasks(matches: Fragment): Promise<number> {
  const [row] = await sql<[{ total: number }]>`
    select count(*) as total
    from (select from tasks where ${matches} limit ${totalMax}) as counted`
  return row.total
}
