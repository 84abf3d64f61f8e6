/** What "this and following" makes of a rule. No I/O, no clock. */
import { isDeepStrictEqual } from 'node:util'
import { Problem } from '../contract/problem.ts'
import type { RecurringTaskPatch } from '../contract/recurring-task.ts'
import { formatDue, parseDue } from '../recurrence/due.ts'
import { explicitRule } from '../recurrence/explicit.ts'
import { latestOccurrence, nextOccurrence, type Occurrence } from '../recurrence/expand.ts'
import { printRule } from '../recurrence/rrule-print.ts'
import { resolveRule, seriesOf, type RuleFields, type RuleInput } from './rule.ts'
import type { LockedSeries } from './series.ts'

/** The rule of the series up to the occurrence before, and the changed one that goes on from it. */
export type Split = { old: RuleFields; next: RuleFields }

/** Plans a split at an occurrence. Nothing when it is the first one: then the whole series is changed. */
export function planSplit(row: LockedSeries, at: Occurrence, patch: RecurringTaskPatch): Split | undefined {
  const last = latestOccurrence(seriesOf(row), at.at.subtract({ nanoseconds: 1 }), row.time_zone)
  if (!last) return undefined
  const { old, rest } = divide(row, at, last)
  const isNewRule = newRuleFields.some((field) => patch[field] !== undefined)
  if (!isNewRule && !isFirstOf(rest, row, at))
    throw new Problem(
      'conflict',
      'This occurrence was moved from a day that its month does not have: no series starts with it. Use another one.',
    )
  return { old, next: resolveRule(ruleOf(patch), row, rest) }
}

/** What makes another rule of it, with a first date of its own. */
const newRuleFields = ['start_date', 'recurrence_type', 'recurrence_rule'] as const

const isFirstOf = (rule: RuleFields, { time_zone }: LockedSeries, { atMs }: Occurrence) =>
  nextOccurrence(seriesOf(rule), undefined, time_zone)?.atMs === atMs

const ruleOf = ({
  title: _title,
  description: _description,
  priority: _priority,
  tags: _tags,
  reminders: _reminders,
  mode: _mode,
  catch_up: _catchUp,
  is_active: _active,
  ...rule
}: RecurringTaskPatch): RuleInput => rule

/** The rule up to the last occurrence before, and the rule from `at` on. A COUNT is shared out. */
function divide(row: LockedSeries, at: Occurrence, last: Occurrence): { old: RuleFields; rest: RuleFields } {
  const { until: _, skip: _skip, ...rule } = seriesOf(row).rule!
  const start_date = startAt(row, at)
  const explicit = explicitRule(rule, parseDue(row.start_date))
  const isImplied = isDeepStrictEqual(explicit, explicitRule(rule, parseDue(start_date)))
  const parts = isImplied ? rule : explicit
  const text = isImplied ? row.recurrence_rule : printRule(parts)
  if (rule.count === undefined)
    return {
      old: { ...row, end_date: formatDue(last.due) },
      rest: { ...row, start_date, recurrence_rule: text },
    }
  const done = last.index!
  return {
    old: { ...row, recurrence_rule: printRule({ ...rule, count: done }) },
    rest: { ...row, start_date, recurrence_rule: printRule({ ...parts, count: rule.count - done }) },
  }
}

/**
 * The occurrence as a start, in the form of the series' own where that says it: with the time of day that the rule means, not
 * the one that a clock change made of it.
 */
function startAt(row: LockedSeries, { key, due, at }: Occurrence): string {
  if (due.kind === 'date') return key
  const zone = row.timezone ?? row.time_zone
  const isElapsed = key.endsWith('Z')
  const local = isElapsed ? at.toZonedDateTimeISO(zone).toPlainDateTime() : Temporal.PlainDateTime.from(key)
  const isGap = !local.toZonedDateTime(zone).toPlainDateTime().equals(local)
  const isSecond = isElapsed && !local.toZonedDateTime(zone).toInstant().equals(at)
  if (parseDue(row.start_date).kind === 'instant' ? !isGap : isSecond) return at.toString()
  return due.kind === 'floating' ? local.toString() : formatDue({ kind: 'zoned', local, zone })
}
