/**
 * Ends a series and removes it. What was done, skipped or missed stays; what is open is cancelled, or stays as plain tasks when
 * the caller asks for it (`?open=keep`).
 */
import { closeTasks, openTasks } from '../../../shared/data/occurrences.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { lockSeries, noSuchSeries } from '../../../shared/data/series.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { expectedVersion, versionMismatch } from '../../../shared/http/etag.ts'
import { params, query } from '../../../shared/http/validate.ts'
import { Params, Query } from './schema.ts'

export default createApp().delete(
  '/api/recurring-tasks/:recurring_task_id',
  requireUser,
  params(Params),
  query(Query),
  async (c) => {
    const version = expectedVersion(c.req.header('if-match'))
    const { recurring_task_id: id } = c.req.valid('param')
    await transaction(() => deleteSeries(c.var.userId, id, version, c.req.valid('query').open))
    return c.body(null, 204)
  },
)

async function deleteSeries(userId: string, id: string, version: number | null, open: 'cancel' | 'keep') {
  const series = await lockSeries(userId, id)
  if (!series) throw noSuchSeries()
  if (version !== null && version !== series.version) throw versionMismatch()
  const tasks = open === 'cancel' ? await openTasks(id) : []
  await closeTasks(
    tasks.map((task) => task.id),
    'cancelled',
  )
  await sql`
    with series as (
      update recurring_tasks
      set deleted_at = clock_now(), is_active = false, version = version + 1, updated_at = clock_now()
      where id = ${id}
      returning *
    ),
    ${emit('recurring-task.deleted', 'series')}
    select 1`
}
