/** The simple form of a recurring task: a type, an interval and an optional end. */
import { parseDue, type Due } from './due.ts'
import { RecurrenceError } from './error.ts'
import type { Frequency, Rule, Skip } from './rule.ts'
import { planOf, type Series } from './series.ts'

export type RecurrenceType = 'daily' | 'weekly' | 'monthly' | 'yearly'

export type MonthEnd = 'clamp' | 'skip' | 'forward'

export type SimpleRecurrence = {
  start: Due
  recurrence_type: RecurrenceType
  /** 1 to 1,000. */
  recurrence_interval?: number
  /** The last moment, itself included, in any form that a due date has. */
  end?: Due | null
  /** A month without the day: its last day stands in, it is left out, or the first day of the next stands in. */
  monthEnd?: MonthEnd
  /** For an instant as start: the zone whose clock the rule follows. */
  zone?: string
}

const frequencyOf = { daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY', yearly: 'YEARLY' } as const

/** The series of a simple form: 31 January, 28 February, 31 March. Throws a `RecurrenceError` that names the field. */
export function simpleSeries(simple: SimpleRecurrence): Series {
  const freq = frequency(simple.recurrence_type)
  const rule: Rule = { freq, interval: simple.recurrence_interval ?? 1 }
  if (freq === 'MONTHLY' || freq === 'YEARLY') rule.skip = skips[simple.monthEnd ?? 'clamp']
  if (simple.end) rule.until = untilOf(simple.end)
  const series: Series = { start: simple.start, rule }
  if (simple.zone !== undefined) series.zone = simple.zone
  try {
    planOf(series)
  } catch (error) {
    const part = error instanceof RecurrenceError ? fields.get(error.part) : undefined
    throw part === undefined
      ? error
      : new RecurrenceError((error as RecurrenceError).code, part, (error as Error).message)
  }
  return series
}

const fields = new Map([
  ['INTERVAL', 'recurrence_interval'],
  ['UNTIL', 'end_date'],
])

function frequency(type: RecurrenceType): Frequency {
  if (Object.hasOwn(frequencyOf, type)) return frequencyOf[type]
  throw new RecurrenceError('malformed', 'recurrence_type', 'Use daily, weekly, monthly or yearly.')
}

/** In the words of RFC 7529. */
export const skips: Record<MonthEnd, Skip> = { clamp: 'BACKWARD', skip: 'OMIT', forward: 'FORWARD' }

/** An end in the form that a rule has. */
export function untilOf(end: Due): string {
  if (end.kind === 'date') return end.date.toString()
  if (end.kind === 'floating') return end.local.toString()
  return (end.kind === 'instant' ? end.instant : end.local.toZonedDateTime(end.zone).toInstant()).toString()
}

/** The same with the texts of a request. */
export function parseSimple(fields: {
  recurrence_type: RecurrenceType
  recurrence_interval?: number
  start_date: string
  end_date?: string | null
}): Series {
  const simple: SimpleRecurrence = {
    start: parseDue(fields.start_date, 'start_date'),
    recurrence_type: fields.recurrence_type,
    end: fields.end_date == null ? null : parseDue(fields.end_date, 'end_date'),
  }
  if (fields.recurrence_interval !== undefined) simple.recurrence_interval = fields.recurrence_interval
  return simpleSeries(simple)
}
