/** What a change of a whole series comes to, before anything is written. No I/O, no clock. */
import { isDeepStrictEqual } from 'node:util'
import { Problem } from '../contract/problem.ts'
import type { EditEffect, RecurringTaskPatch } from '../contract/recurring-task.ts'
import { currentLanguage } from '../runtime/context.ts'
import { latestOccurrence, occurrenceAt, occurrences, type Occurrence } from '../recurrence/expand.ts'
import { effectWords } from './edit-words.ts'
import type { OpenTask } from './occurrences.ts'
import { resolveRule, seriesOf, type RuleFields } from './rule.ts'
import { scheduleAfter, type Schedule } from './schedule.ts'
import { standingOf, type LockedSeries } from './series.ts'

/** A series, its open tasks, and the key of the last occurrence that is closed. */
export type Before = { row: LockedSeries; open: OpenTask[]; lastClosed: string | null }

export type Edit = {
  /** The series after the change, with its new schedule. */
  after: LockedSeries
  isChanged: boolean
  /** Open tasks that follow the series: their fields change unless they were changed by hand. */
  kept: OpenTask[]
  /** Open tasks that the new rule does not have, and those of them that stay because they were changed by hand. */
  cancelled: OpenTask[]
  conflicts: OpenTask[]
  /** The occurrence whose task is made at once, because none is left open. */
  make: Occurrence | undefined
}

/** The fields of a series that make its rule, and those that its tasks take over. */
export const ruleFields = [
  'recurrence_type',
  'recurrence_interval',
  'recurrence_rule',
  'start_date',
  'end_date',
  'timezone',
  'month_end',
] as const satisfies (keyof RuleFields)[]

export const templateFields = ['title', 'description', 'priority', 'tags', 'reminders'] as const

/**
 * Plans a change of all of a series. What is closed stays as it is. An open task stays when the new rule still has its
 * occurrence, else it gives way to the first occurrence from now on a day after the last one that is closed. A series that was
 * stopped, or had come to its end, goes on from now: nothing that was missed is made up for. A new rule revives a series that
 * had come to its end, not one that was stopped.
 */
export function planEdit({ row, open, lastClosed }: Before, patch: RecurringTaskPatch): Edit {
  const { is_active: wanted, ...rest } = patch
  const { rule, template } = divide(rest)
  const fields = Object.keys(rule).length === 0 ? {} : resolveRule(rule, row, row)
  const after: LockedSeries = { ...row, ...template, ...fields }
  const isNewRule = [...ruleFields, 'mode' as const].some((field) => row[field] !== after[field])
  const isResumed = wanted === true && !row.is_active
  const isRevived = isNewRule && row.ended_at !== null && wanted !== false
  after.is_active = wanted ?? (row.is_active || isRevived)
  const isChanged = !isDeepStrictEqual(row, after)
  const all = { after, isChanged, kept: open, cancelled: [], conflicts: [], make: undefined }
  if (!isNewRule && !isResumed) return all
  if (!after.is_active) return { ...all, after: { ...after, ...standStill(after) } }
  const sorted = isNewRule && after.mode === 'schedule' ? sortOut(after, open) : all
  const next = goOn(after, sorted.kept, lastClosed, isResumed || isRevived)
  const isOver =
    after.mode === 'schedule'
      ? next.schedule.next_occurrence === null
      : sorted.kept.length === 0 && !next.make
  if (isOver && isResumed && !next.make)
    throw new Problem('conflict', 'The series has come to its end. Give it a later end_date, or none.')
  const end = isOver ? { is_active: false, ended_at: after.now } : { is_active: true, ended_at: null }
  return { ...all, ...sorted, make: next.make, after: { ...after, ...next.schedule, ...end } }
}

type RulePatch = Pick<RecurringTaskPatch, (typeof ruleFields)[number]>

function divide(patch: RecurringTaskPatch): {
  rule: RulePatch
  template: Omit<RecurringTaskPatch, keyof RulePatch>
} {
  const isRule = ([field]: [string, unknown]) => (ruleFields as readonly string[]).includes(field)
  const entries = Object.entries(patch)
  return {
    rule: Object.fromEntries(entries.filter(isRule)),
    template: Object.fromEntries(entries.filter((entry) => !isRule(entry))),
  }
}

/** A stopped series keeps where it would go on. */
function standStill(after: LockedSeries): Schedule {
  return scheduleAfter(standingOf(after), after.settled_through)
}

/** What becomes of open tasks under a new rule. */
export function sortOut(after: LockedSeries, open: OpenTask[]) {
  const series = seriesOf(after)
  const has = ({ occurrence }: OpenTask) => occurrenceAt(series, occurrence, after.time_zone) !== undefined
  const gone = open.filter((task) => !has(task))
  return {
    kept: open.filter(has),
    conflicts: gone.filter(({ overrides }) => overrides.length > 0),
    cancelled: gone.filter(({ overrides }) => overrides.length === 0),
  }
}

type Next = { schedule: Schedule; make: Occurrence | undefined }

function goOn(after: LockedSeries, kept: OpenTask[], lastClosed: string | null, isAnew: boolean): Next {
  const standing = standingOf(after)
  const now = Temporal.Instant.from(after.now)
  const lastOpen = kept.at(-1)?.occurrence
  if (after.mode === 'completion') {
    const make = lastOpen === undefined ? first(standing.series, lastClosed, now, after.time_zone) : undefined
    return { make, schedule: scheduleAfter(standing, after.settled_through) }
  }
  if (lastOpen === undefined) {
    const make = first(standing.series, lastClosed, now, after.time_zone)
    return {
      make,
      schedule: scheduleAfter(standing, make?.key ?? after.settled_through, make ? undefined : now),
    }
  }
  const settled = lastClosed !== null && lastClosed > lastOpen ? lastClosed : lastOpen
  const schedule = scheduleAfter(standing, settled, isAnew ? now : undefined)
  return {
    make: undefined,
    schedule: isAnew ? justBefore(standing.series, schedule, after.time_zone) : schedule,
  }
}

/** The first occurrence from now, not on the day of the last one that is closed, unless the rule counts in less than days. */
function first(
  series: ReturnType<typeof seriesOf>,
  lastClosed: string | null,
  now: Temporal.Instant,
  zone: string,
) {
  const isElapsed = series.rule?.freq === 'HOURLY' || series.rule?.freq === 'MINUTELY'
  const after = lastClosed === null || isElapsed ? lastClosed : lastClosed.slice(0, 10)
  return occurrences(series, { from: now, ...(after !== null && { after }), userZone: zone }).next().value
}

/** Settled through what comes before the next, so that nothing that was missed is owed. */
function justBefore(series: ReturnType<typeof seriesOf>, schedule: Schedule, zone: string): Schedule {
  if (schedule.next_due_at === null) return schedule
  const earlier = Temporal.Instant.from(schedule.next_due_at).subtract({ nanoseconds: 1 })
  const before = latestOccurrence(series, earlier, zone)
  return { ...schedule, settled_through: before?.key ?? schedule.settled_through }
}

/** What the change does, in numbers and in words. Dates are those of the year that begins at `from`. */
export function effectOf(
  { row }: Before,
  { after, isChanged, kept, cancelled, conflicts }: Edit,
  from = Temporal.Instant.from(row.now),
): EditEffect {
  const dates_changed = isChanged ? changedDates(row, after, from) : 0
  const touched = kept.filter((task) => changes(row, after, task))
  const effect = {
    dates_changed,
    tasks_changed: touched.length,
    tasks_cancelled: cancelled.length,
    reminders_cancelled: cancelled.reduce((sum, { planned_reminders }) => sum + planned_reminders, 0),
    overrides_kept: kept.filter(({ overrides }) => overrides.length > 0).length,
    conflicts: conflicts.map(({ id, occurrence, due_date, due_at, title }) => ({
      task_id: id,
      occurrence,
      due_date,
      due_at,
      title,
    })),
  }
  return { ...effect, summary: effectWords(effect, currentLanguage()) }
}

function changes(row: LockedSeries, after: LockedSeries, { overrides }: OpenTask): boolean {
  return templateFields.some(
    (field) => !overrides.includes(field) && !isDeepStrictEqual(row[field], after[field]),
  )
}

function changedDates(row: LockedSeries, after: LockedSeries, from: Temporal.Instant): number {
  const [before, then] = [row, after].map((series) => new Set(datesOf(series, from)))
  const gone = [...before!].filter((at) => !then!.has(at)).length
  const come = [...then!].filter((at) => !before!.has(at)).length
  return Math.max(gone, come)
}

function datesOf(row: LockedSeries, from: Temporal.Instant): string[] {
  if (!row.is_active && row.ended_at === null) return []
  const window = { from, before: from.add({ hours: 365 * 24 }), userZone: row.time_zone }
  const found = [...occurrences(seriesOf(row, row.exceptions), window).take(1_000)]
  return found.map(({ at }) => at.toString())
}
