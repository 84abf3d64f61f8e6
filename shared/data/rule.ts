/** Between the fields of a recurring task and the series of the engine. */
import type { RecurringTask } from '../contract/recurring-task.ts'
import { refuse } from '../http/validate.ts'
import { formatDue, knownZone, parseDue, type Due } from '../recurrence/due.ts'
import { RecurrenceError } from '../recurrence/error.ts'
import { nextOccurrence } from '../recurrence/expand.ts'
import { parseRule } from '../recurrence/rrule-parse.ts'
import { printRule } from '../recurrence/rrule-print.ts'
import type { Rule } from '../recurrence/rule.ts'
import type { Series } from '../recurrence/series.ts'
import { simpleSeries, skips, untilOf, type RecurrenceType } from '../recurrence/simple.ts'
import { checkSeries } from '../recurrence/validate.ts'

/**
 * The fields that make the rule of a series. `recurrence_rule` is null where the simple form says it all; it never holds the
 * end (`end_date`) nor the SKIP of RFC 7529 (`month_end`).
 */
export type RuleFields = Pick<
  RecurringTask,
  'recurrence_type' | 'recurrence_interval' | 'start_date' | 'end_date' | 'timezone' | 'month_end'
> & { recurrence_rule: string | null }

const monthEndOf = { BACKWARD: 'clamp', OMIT: 'skip', FORWARD: 'forward' } as const

/** The series of stored fields. `exceptions` are keys that it leaves out. */
export function seriesOf(fields: RuleFields, exceptions: readonly string[] = []): Series {
  const start = parseDue(fields.start_date, 'start_date')
  const end = fields.end_date === null ? null : parseDue(fields.end_date, 'end_date')
  const series = fields.recurrence_rule === null ? ofType(fields, start, end) : ofRule(fields, start, end)
  // A new object: the engine remembers what it has worked out for one.
  return {
    ...series,
    ...(start.kind === 'instant' && fields.timezone !== null && { zone: fields.timezone }),
    ...(exceptions.length > 0 && { exdates: exceptions }),
  }
}

function ofType(fields: RuleFields, start: Due, end: Due | null): Series {
  return simpleSeries({
    start,
    end,
    recurrence_type: fields.recurrence_type as RecurrenceType,
    recurrence_interval: fields.recurrence_interval,
    monthEnd: fields.month_end,
  })
}

function ofRule(fields: RuleFields, start: Due, end: Due | null): Series {
  const rule = parseRule(fields.recurrence_rule!)
  if (fields.month_end !== 'skip') rule.skip = skips[fields.month_end]
  if (end) rule.until = untilOf(end)
  return { start, rule }
}

/** What a request says about the rule; null clears. */
export type RuleInput = {
  recurrence_type?: RecurrenceType
  recurrence_interval?: number
  recurrence_rule?: string | null
  start_date?: string | undefined
  end_date?: string | null | undefined
  timezone?: string | null
  month_end?: RuleFields['month_end']
}

/** When and where the request is made. */
export type Present = { now: string; time_zone: string }

/**
 * The fields of a new rule, or of `before` changed by a request. Refuses, by field, what is no rule, what contradicts itself,
 * what never comes, and what does not begin with its start.
 */
export function resolveRule(given: RuleInput, { now, time_zone }: Present, before?: RuleFields): RuleFields {
  const frequency = given.recurrence_rule != null ? fromText(given) : fromType(given, before)
  const zone = given.timezone === undefined ? (before?.timezone ?? null) : given.timezone
  const anchor = given.start_date ?? before?.start_date
  const placed = place(anchor ?? minuteOf(now, time_zone), zone, given.timezone !== undefined)
  const fields = { ...frequency, ...placed }
  if (anchor === undefined) fields.start_date = firstOf(fields, time_zone)
  checkEnd(fields)
  asProblem(fields, () => checkSeries(seriesOf(fields), time_zone))
  return fields
}

type Frequency = Omit<RuleFields, 'start_date' | 'timezone'>

const simpleTypes = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']

/** A rule as text says everything, its end too. */
function fromText(given: RuleInput): Frequency {
  for (const field of ['recurrence_type', 'recurrence_interval'] as const) {
    if (given[field] !== undefined)
      refuse([{ field, message: 'recurrence_rule says it already. Leave one of them out.' }])
  }
  const rule = asProblem({ recurrence_rule: given.recurrence_rule! }, () => parseRule(given.recurrence_rule!))
  const { until, skip, ...rest } = rule
  const ends = until !== undefined || rule.count !== undefined
  if (ends && given.end_date != null)
    refuse([{ field: 'end_date', message: 'The rule has an end already. Leave one of them out.' }])
  if (skip !== undefined && given.month_end !== undefined && given.month_end !== monthEndOf[skip])
    refuse([{ field: 'month_end', message: 'The rule has a SKIP already. Leave one of them out.' }])
  const { freq, interval = 1, ...parts } = rest
  const isSimple = Object.keys(parts).length === 0 && simpleTypes.includes(freq)
  return {
    recurrence_type: freq.toLowerCase() as RuleFields['recurrence_type'],
    recurrence_interval: interval,
    recurrence_rule: isSimple ? null : printRule(rest),
    end_date: until ?? given.end_date ?? null,
    month_end: skip === undefined ? (given.month_end ?? 'skip') : monthEndOf[skip],
  }
}

/** Type, interval, end and month end each change a part of what was there. Another type is another rule. */
function fromType(given: RuleInput, before: RuleFields | undefined): Frequency {
  const recurrence_type = given.recurrence_type ?? before?.recurrence_type
  if (recurrence_type === undefined)
    refuse([{ field: 'recurrence_type', message: 'Give this field, or recurrence_rule.' }])
  const recurrence_interval = given.recurrence_interval ?? before?.recurrence_interval ?? 1
  const isKept = given.recurrence_rule !== null && recurrence_type === before?.recurrence_type
  const text = isKept ? before.recurrence_rule : null
  const fields: Frequency = {
    recurrence_type,
    recurrence_interval,
    recurrence_rule: text === null ? null : printRule({ ...parseRule(text), interval: recurrence_interval }),
    end_date: given.end_date === undefined ? (before?.end_date ?? null) : given.end_date,
    month_end: given.month_end ?? before?.month_end ?? 'clamp',
  }
  if (fields.recurrence_rule?.includes('COUNT=') && fields.end_date !== null) {
    const message = 'The rule ends after a number of times. Give a recurrence_rule without COUNT first.'
    refuse([{ field: 'end_date', message }])
  }
  return fields
}

/** Puts start and zone together. A zone that was only inherited gives way to what the new start says. */
function place(
  start: string,
  zone: string | null,
  isGiven: boolean,
): Pick<RuleFields, 'start_date' | 'timezone'> {
  const due = parseDue(start, 'start_date')
  const known = zone === null ? null : asProblem({}, () => knownZone(zone, 'timezone'))
  if (due.kind === 'zoned') {
    if (isGiven && known !== due.zone)
      refuse([
        { field: 'timezone', message: `start_date names the zone ${due.zone}. Leave one of them out.` },
      ])
    return { start_date: formatDue(due), timezone: due.zone }
  }
  if (due.kind === 'date') {
    if (isGiven && known !== null)
      refuse([
        { field: 'timezone', message: 'A date has no time zone. Give start_date a time, or leave it out.' },
      ])
    return { start_date: start, timezone: null }
  }
  if (due.kind === 'instant') return { start_date: start, timezone: known ?? 'UTC' }
  if (known === null) return { start_date: start, timezone: null }
  return { start_date: formatDue({ kind: 'zoned', local: due.local, zone: known }), timezone: known }
}

/** The present minute as a local time, which follows the user from zone to zone: the start of a series that names none. */
const minuteOf = (now: string, zone: string): string =>
  Temporal.Instant.from(now)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .round({ smallestUnit: 'minute', roundingMode: 'floor' })
    .toString()

/** A start that nobody asked for is moved to the first date that the rule has. */
function firstOf(fields: RuleFields, zone: string): string {
  const first = asProblem(fields, () => nextOccurrence(seriesOf(fields), undefined, zone))
  return first ? formatDue(first.due) : fields.start_date
}

function checkEnd({ start_date, end_date }: RuleFields): void {
  if (end_date === null) return
  const [start, end] = [parseDue(start_date).kind, parseDue(end_date).kind]
  const isLocal = (kind: Due['kind']) => kind === 'floating'
  if (end === 'date' || end === start || (start !== 'date' && isLocal(start) === isLocal(end))) return
  refuse([{ field: 'end_date', message: 'Use a date, or the same form as start_date.' }])
}

/** Does what the engine may refuse, and names the field that the refusal is about. */
function asProblem<T>(fields: { recurrence_rule?: string | null }, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error
    const { part, message } = error
    if (part === part.toLowerCase()) refuse([{ field: part, message }])
    if (part === 'UNTIL' && !fields.recurrence_rule?.includes('UNTIL'))
      refuse([{ field: 'end_date', message }])
    if (!fields.recurrence_rule)
      refuse([{ field: part === 'INTERVAL' ? 'recurrence_interval' : 'recurrence_type', message }])
    refuse([{ field: 'recurrence_rule', message: `${part}: ${message}` }])
  }
}

/** The whole rule, as text. */
export const ruleText = (series: Series): string => printRule(series.rule as Rule)
