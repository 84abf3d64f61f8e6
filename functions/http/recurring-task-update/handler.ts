/** Changes the given fields of a series and where it goes on. The tasks that it has made stay as they are. */
import * as v from 'valibot'
import { Problem } from '../../../shared/contract/problem.ts'
import type { RecurringTask } from '../../../shared/contract/recurring-task.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { seriesClock, seriesColumns } from '../../../shared/data/series.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, versionMismatch } from '../../../shared/http/etag.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { changed, type Present } from './change.ts'
import { Body, Params, Reply } from './schema.ts'

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
  patch: v.InferOutput<typeof Body>,
): Promise<RecurringTask> {
  const present = await lockSeries(userId, id)
  if (!present) throw new Problem('not_found', 'There is no such recurring task, or it is not yours.')
  if (version !== null && version !== present.version) throw versionMismatch()
  const after = changed(present, patch)
  return after ? writeSeries(after) : v.parse(Unchanged, present)
}

/** The reply without what is only for us. */
const Unchanged = v.object(Reply.entries)

/** Scan and other changes wait for the row: what it says holds until the commit. */
async function lockSeries(userId: string, id: string): Promise<Present | undefined> {
  const [series] = await sql<Present[]>`
    select ${seriesColumns()}, settled_through, next_occurrence, next_created_at, ${seriesClock()}
    from recurring_tasks
    where id = ${id} and user_id = ${userId} and deleted_at is null
    for update`
  return series
}

async function writeSeries(after: Present): Promise<RecurringTask> {
  const [series] = await sql<[RecurringTask]>`
    with series as (
      update recurring_tasks
      set
        title = ${after.title},
        description = ${after.description},
        priority = ${after.priority},
        tags = ${after.tags},
        recurrence_type = ${after.recurrence_type},
        recurrence_interval = ${after.recurrence_interval},
        start_date = ${after.start_date},
        end_date = ${after.end_date},
        is_active = ${after.is_active},
        settled_through = ${after.settled_through},
        next_occurrence = ${after.next_occurrence},
        next_due_at = ${after.next_due_at},
        next_created_at = ${after.next_created_at},
        version = version + 1,
        updated_at = clock_now()
      where id = ${after.id} and user_id = ${after.user_id}
      returning ${seriesColumns()}
    ),
    ${emit('recurring-task.updated', 'series')}
    select ${seriesColumns()}
    from series`
  return series
}
