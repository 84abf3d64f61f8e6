/**
 * Tells the first dates of a series, and why each is where it is, without making anything; of a series that is there already,
 * also what the change would do. Scan and commands compute them alike.
 */
import type { InferOutput } from 'valibot'
import { effectOf, planEdit, sortOut, type Before } from '../../../shared/data/edit.ts'
import { occurrenceToSplit } from '../../../shared/data/find-occurrence.ts'
import { readBefore } from '../../../shared/data/occurrences.ts'
import { resolveRule, ruleText, seriesOf, type RuleFields } from '../../../shared/data/rule.ts'
import { noSuchSeries, readStanding, userPresent } from '../../../shared/data/series.ts'
import { planSplit } from '../../../shared/data/split.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { body } from '../../../shared/http/validate.ts'
import { formatDue } from '../../../shared/recurrence/due.ts'
import { occurrences, type Occurrence } from '../../../shared/recurrence/expand.ts'
import { sentenceOf } from '../../../shared/recurrence/sentence.ts'
import { currentLanguage } from '../../../shared/runtime/context.ts'
import { Body, type Reply } from './schema.ts'

type Preview = InferOutput<typeof Reply>

export default createApp().post('/api/recurring-tasks/preview', requireUser, body(Body), async (c) => {
  const { count, recurring_task_id: id, occurrence, ...given } = c.req.valid('json')
  if (id === undefined) return c.json(await ofNew(c.var.userId, given, count))
  const row = await readStanding(c.var.userId, id)
  if (!row) throw noSuchSeries()
  const before = await readBefore(row)
  return c.json(
    occurrence === undefined
      ? ofAll(before, given, count)
      : ofFollowing(before, await occurrenceToSplit(row, occurrence), given, count),
  )
})

async function ofNew(userId: string, given: Given, count: number): Promise<Preview> {
  const present = await userPresent(userId)
  return { ...datesOf(resolveRule(given, present), present.time_zone, count), effect: null }
}

/** A change of the whole series; the dates are those that are still to come. */
function ofAll(before: Before, given: Given, count: number): Preview {
  const { now, time_zone } = before.row
  const edit = planEdit(before, given)
  return {
    ...datesOf(edit.after, time_zone, count, Temporal.Instant.from(now)),
    effect: effectOf(before, edit),
  }
}

/** A change of this occurrence and all that follow; of the first one it is a change of all. */
function ofFollowing(before: Before, at: Occurrence, given: Given, count: number): Preview {
  const { row } = before
  const split = planSplit(row, at, given)
  if (!split) return ofAll(before, given, count)
  const after = { ...row, ...split.next }
  const open = before.open.filter(({ occurrence }) => occurrence >= at.key)
  const sorted = sortOut(after, open)
  const kept = sorted.kept.filter(({ overrides }) => overrides.length > 0)
  const edit = { ...sorted, kept, after, isChanged: true, make: undefined, cancelled: open }
  return { ...datesOf(after, row.time_zone, count), effect: effectOf(before, edit, at.at) }
}

type Given = Omit<InferOutput<typeof Body>, 'count' | 'recurring_task_id' | 'occurrence'>

function datesOf(
  fields: RuleFields,
  userZone: string,
  count: number,
  from?: Temporal.Instant,
): Omit<Preview, 'effect'> {
  const series = seriesOf(fields)
  const items = occurrences(series, { userZone, ...(from && { from }) })
    .take(count)
    .map((occurrence) => ({
      occurrence: occurrence.key,
      due_date: formatDue(occurrence.due),
      due_at: occurrence.at.toString(),
      note: occurrence.noteIn(currentLanguage()) ?? null,
      number: occurrence.index ?? null,
    }))
  return {
    sentence: sentenceOf(series.rule!, series.start, currentLanguage()),
    recurrence_rule: ruleText(series),
    items: [...items],
  }
}
