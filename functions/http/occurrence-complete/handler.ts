/**
 * Completes an occurrence of a series by its key: the open one, one that was missed, or one that is still to come, which is made
 * and done at once.
 */
import { completeOfSeries } from '../../../shared/data/complete.ts'
import { taskOfOccurrence } from '../../../shared/data/find-occurrence.ts'
import { lockSeries, noSuchSeries } from '../../../shared/data/series.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { refuseFuture } from '../../../shared/http/future.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { Body, Params } from './schema.ts'

export default createApp().post(
  '/api/recurring-tasks/:recurring_task_id/occurrences/:occurrence/complete',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const { recurring_task_id, occurrence } = c.req.valid('param')
    const { completed_at } = c.req.valid('json')
    if (completed_at !== undefined) await refuseFuture('completed_at', completed_at)
    const { task, next } = await transaction(() =>
      complete(c.var.userId, recurring_task_id, occurrence, completed_at),
    )
    return c.json({ ...task, next }, 200, { etag: etag(task) })
  },
)

async function complete(userId: string, seriesId: string, key: string, completedAt: string | undefined) {
  const series = await lockSeries(userId, seriesId)
  if (!series) throw noSuchSeries()
  const id = await taskOfOccurrence(series, key)
  return completeOfSeries(userId, { id, recurring_task_id: seriesId }, null, completedAt)
}
