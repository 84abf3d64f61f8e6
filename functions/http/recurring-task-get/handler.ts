/** Reads one series of the caller. */
import type { RecurringTask } from '../../../shared/contract/recurring-task.ts'
import { Problem } from '../../../shared/contract/problem.ts'
import { seriesColumns } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().get(
  '/api/recurring-tasks/:recurring_task_id',
  requireUser,
  params(Params),
  async (c) => {
    const series = await readSeries(c.var.userId, c.req.valid('param').recurring_task_id)
    if (!series) throw new Problem('not_found', 'There is no such recurring task, or it is not yours.')
    return c.json(series, 200, { etag: etag(series) })
  },
)

async function readSeries(userId: string, id: string) {
  const [series] = await sql<[RecurringTask?]>`
    select ${seriesColumns()}
    from recurring_tasks
    where id = ${id} and user_id = ${userId} and deleted_at is null`
  return series
}
