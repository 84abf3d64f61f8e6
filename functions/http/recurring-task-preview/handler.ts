/** Tells the first dates of a series, and why each is where it is, without making anything. The scan computes them alike. */
import type { InferOutput } from 'valibot'
import type { Clock } from '../../../shared/data/due.ts'
import { minuteOf, seriesOf } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { body } from '../../../shared/http/validate.ts'
import { formatDue } from '../../../shared/recurrence/due.ts'
import { occurrences } from '../../../shared/recurrence/expand.ts'
import { sentenceOf } from '../../../shared/recurrence/sentence.ts'
import { Body, type Reply } from './schema.ts'

export default createApp().post('/api/recurring-tasks/preview', requireUser, body(Body), async (c) =>
  c.json(preview(c.req.valid('json'), await presentOf(c.var.userId))),
)

function preview(
  { recurrence_type, recurrence_interval, start_date, end_date = null, count }: InferOutput<typeof Body>,
  { now, time_zone }: Present,
): InferOutput<typeof Reply> {
  const start = start_date ?? minuteOf(now, time_zone)
  const series = seriesOf({ recurrence_type, recurrence_interval, start_date: start, end_date })
  const items = occurrences(series, { userZone: time_zone })
    .take(count)
    .map(({ key, due, at, note = null }) => ({
      occurrence: key,
      due_date: formatDue(due),
      due_at: at.toString(),
      note,
    }))
  return { sentence: sentenceOf(series.rule!, series.start), items: [...items] }
}

type Present = Pick<Clock, 'time_zone'> & { now: string }

async function presentOf(userId: string): Promise<Present> {
  const [row] = await sql<[Present]>`
    select clock_now() as now, coalesce(max(time_zone), 'UTC') as time_zone
    from preferences
    where user_id = ${userId}`
  return row
}
