/** Reads one series of the caller. */
import { readSeries } from '../../../shared/data/series.ts'
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
    return c.json(series, 200, { etag: etag(series) })
  },
)
