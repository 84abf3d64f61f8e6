/** Ends a series and removes it. The tasks that it made stay, the open one too, as plain tasks of their owner. */
import { Problem } from '../../../shared/contract/problem.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { expectedVersion, versionMismatch } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().delete(
  '/api/recurring-tasks/:recurring_task_id',
  requireUser,
  params(Params),
  async (c) => {
    const version = expectedVersion(c.req.header('if-match'))
    const { found, deleted } = await deleteSeries(
      c.var.userId,
      c.req.valid('param').recurring_task_id,
      version,
    )
    if (!found) throw new Problem('not_found', 'There is no such recurring task, or it is not yours.')
    if (!deleted) throw versionMismatch()
    return c.body(null, 204)
  },
)

async function deleteSeries(userId: string, id: string, version: number | null) {
  const [row] = await sql<[{ found: boolean; deleted: boolean }]>`
    with present as (
      select id, version
      from recurring_tasks
      where id = ${id} and user_id = ${userId} and deleted_at is null
      for update
    ),
    series as (
      update recurring_tasks
      set deleted_at = clock_now(), is_active = false, version = present.version + 1, updated_at = clock_now()
      from present
      where recurring_tasks.id = present.id and present.version = coalesce(${version}::integer, present.version)
      returning recurring_tasks.*
    ),
    ${emit('recurring-task.deleted', 'series')}
    select exists (select from present) as found, exists (select from series) as deleted`
  return row
}
