/** Changes the given fields of a series and where it goes on. What is closed stays as it is; the open task follows. */
import type { InferOutput } from 'valibot'
import { applyEdit } from '../../../shared/data/apply-edit.ts'
import { effectOf, planEdit } from '../../../shared/data/edit.ts'
import { readBefore } from '../../../shared/data/occurrences.ts'
import { lockSeries, noSuchSeries, readSeries } from '../../../shared/data/series.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, versionMismatch } from '../../../shared/http/etag.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { Body, Params } from './schema.ts'

export default createApp().on(
  ['PUT', 'PATCH'],
  '/api/recurring-tasks/:recurring_task_id',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const { recurring_task_id: id } = c.req.valid('param')
    const version = expectedVersion(c.req.header('if-match'))
    const series = await transaction(() => changeSeries(c.var.userId, id, version, c.req.valid('json')))
    return c.json(series, 200, { etag: etag(series) })
  },
)

async function changeSeries(
  userId: string,
  id: string,
  version: number | null,
  patch: InferOutput<typeof Body>,
) {
  const row = await lockSeries(userId, id)
  if (!row) throw noSuchSeries()
  if (version !== null && version !== row.version) throw versionMismatch()
  const before = await readBefore(row)
  const edit = planEdit(before, patch)
  if (edit.isChanged) await applyEdit(row, edit)
  return { ...(await readSeries(userId, id)), effect: effectOf(before, edit) }
}
