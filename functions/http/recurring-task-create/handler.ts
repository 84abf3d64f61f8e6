/** Starts a series, makes the task of its first occurrence at once, and announces both. */
import type { InferOutput } from 'valibot'
import { holdClock } from '../../../shared/data/due.ts'
import { resolveRule } from '../../../shared/data/rule.ts'
import { readSeries, userPresent } from '../../../shared/data/series.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { startSeries } from '../../../shared/data/start-series.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { body } from '../../../shared/http/validate.ts'
import { Body } from './schema.ts'

export default createApp().post('/api/recurring-tasks', requireUser, body(Body), async (c) => {
  const series = await transaction(() => create(c.var.userId, c.req.valid('json')))
  return c.json(series, 201, { location: `/api/recurring-tasks/${series.id}`, etag: etag(series) })
})

async function create(userId: string, draft: InferOutput<typeof Body>) {
  await holdClock(userId)
  const present = await userPresent(userId)
  const rule = resolveRule(draft, present)
  const id = await startSeries(userId, present.time_zone, rule, draft)
  return readSeries(userId, id)
}
