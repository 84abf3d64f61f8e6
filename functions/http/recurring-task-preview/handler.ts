/**
 * Tells the first dates of a series, and why each is where it is, without making anything; of a series that is there already,
 * also what the change would do. Scan and commands compute them alike.
 */
import type { InferOutput } from 'valibot'
import { effectOf, planEdit } from '../../../shared/data/edit.ts'
import { readBefore } from '../../../shared/data/occurrences.ts'
import { resolveRule, ruleText, seriesOf, type RuleFields } from '../../../shared/data/rule.ts'
import { noSuchSeries, readStanding, userPresent } from '../../../shared/data/series.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { body } from '../../../shared/http/validate.ts'
import { formatDue } from '../../../shared/recurrence/due.ts'
import { occurrences } from '../../../shared/recurrence/expand.ts'
import { sentenceOf } from '../../../shared/recurrence/sentence.ts'
import { Body, type Reply } from './schema.ts'

type Preview = InferOutput<typeof Reply>

export default createApp().post('/api/recurring-tasks/preview', requireUser, body(Body), async (c) => {
  const { count, recurring_task_id: id, ...given } = c.req.valid('json')
  return c.json(
    await (id === undefined ? ofNew(c.var.userId, given, count) : ofChange(c.var.userId, id, given, count)),
  )
})

async function ofNew(userId: string, given: Given, count: number): Promise<Preview> {
  const present = await userPresent(userId)
  return { ...datesOf(resolveRule(given, present), present.time_zone, count), effect: null }
}

/** The dates are those that are still to come. */
async function ofChange(userId: string, id: string, given: Given, count: number): Promise<Preview> {
  const row = await readStanding(userId, id)
  if (!row) throw noSuchSeries()
  const before = await readBefore(row)
  const edit = planEdit(before, given)
  const from = Temporal.Instant.from(row.now)
  return { ...datesOf(edit.after, row.time_zone, count, from), effect: effectOf(before, edit) }
}

type Given = Omit<InferOutput<typeof Body>, 'count' | 'recurring_task_id'>

function datesOf(
  fields: RuleFields,
  userZone: string,
  count: number,
  from?: Temporal.Instant,
): Omit<Preview, 'effect'> {
  const series = seriesOf(fields)
  const items = occurrences(series, { userZone, ...(from && { from }) })
    .take(count)
    .map(({ key, due, at, note = null, index = null }) => ({
      occurrence: key,
      due_date: formatDue(due),
      due_at: at.toString(),
      note,
      number: index,
    }))
  return {
    sentence: sentenceOf(series.rule!, series.start),
    recurrence_rule: ruleText(series),
    items: [...items],
  }
}
