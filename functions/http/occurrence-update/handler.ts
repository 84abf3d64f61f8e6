/**
 * Changes one occurrence of a series, or this one and all that follow. One that is still to come is made at once, with its
 * change. "This and following" ends the series before it and starts another that continues it.
 */
import type { InferOutput } from 'valibot'
import { changeTask } from '../../../shared/data/change-task.ts'
import { holdClock } from '../../../shared/data/due.ts'
import { taskOfOccurrence } from '../../../shared/data/find-occurrence.ts'
import { lockSeries, noSuchSeries, readSeries } from '../../../shared/data/series.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { Body, Params, type FollowingPatch, type ThisPatch } from './schema.ts'
import { splitSeries } from './split.ts'

export default createApp().patch(
  '/api/recurring-tasks/:recurring_task_id/occurrences/:occurrence',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const { recurring_task_id: id, occurrence } = c.req.valid('param')
    const patch = c.req.valid('json')
    if (patch.scope === 'following') {
      const series = await transaction(() => changeFollowing(c.var.userId, id, occurrence, patch))
      return c.json(series, 200, { location: `/api/recurring-tasks/${series.id}`, etag: etag(series) })
    }
    const task = await transaction(() => changeThis(c.var.userId, id, occurrence, patch))
    return c.json(task, 200, { etag: etag(task) })
  },
)

async function changeThis(
  userId: string,
  seriesId: string,
  key: string,
  patch: InferOutput<typeof ThisPatch>,
) {
  const { scope: _, ...fields } = patch
  const series = await lockSeries(userId, seriesId)
  if (!series) throw noSuchSeries()
  const taskId = await taskOfOccurrence(series, key)
  const { seen_version: _seen, ...task } = (await changeTask(userId, taskId, null, fields))!
  return task
}

async function changeFollowing(
  userId: string,
  seriesId: string,
  key: string,
  patch: InferOutput<typeof FollowingPatch>,
) {
  const { scope: _, ...fields } = patch
  await holdClock(userId)
  const series = await lockSeries(userId, seriesId)
  if (!series) throw noSuchSeries()
  return readSeries(userId, await splitSeries(series, key, fields))
}
