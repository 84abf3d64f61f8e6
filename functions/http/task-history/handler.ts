/** Tells what happened to a task and why, the latest first: its events as the log has them, for about a year. */
import { Problem } from '../../../shared/contract/problem.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { cutPage, InstantKey, readPage, type Page } from '../../../shared/http/paging.ts'
import { params, query } from '../../../shared/http/validate.ts'
import { Params, Query, type Entry } from './schema.ts'

export default createApp().get(
  '/api/tasks/:task_id/history',
  requireUser,
  params(Params),
  query(Query),
  async (c) => {
    const page = readPage(c.req.valid('query'), 'history', InstantKey)
    const rows = await readHistory(c.var.userId, c.req.valid('param').task_id, page)
    if (rows.length === 0) throw new Problem('not_found', 'There is no such task, or it is not yours.')
    const entries = rows.filter((row): row is Entry => row.id !== null)
    return c.json(cutPage(entries, page, ({ at, id }) => ({ key: at, id })))
  },
)

/** A task without a (further) event is one row of nulls; without a task there is no row. */
const readHistory = (userId: string, taskId: string, { after, limit }: Page<string>) => sql<
  (Entry | { id: null })[]
>`
  select logged.*
  from tasks
  left join lateral (
    select
      id, event_type as type, created_at as at, cause,
      event_data -> 'changes' as changes, event_data - 'changes' as data
    from task_event_log
    where task_id = tasks.id and event_type like 'task.%'
      ${after ? sql`and (created_at, id) < (${after.key}, ${after.id})` : sql``}
    order by created_at desc, id desc
    limit ${limit}
  ) as logged on true
  where tasks.id = ${taskId} and tasks.user_id = ${userId} and tasks.deleted_at is null
  order by logged.at desc, logged.id desc`
