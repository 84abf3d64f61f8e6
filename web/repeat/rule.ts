/** A repeat as the editor has it, and as the API takes it. */
import type { Series, SeriesDraft } from '../api/shapes.ts'
import { weekdayOf } from '../dates/days.ts'
import { localDue } from '../dates/due.ts'

export type Freq = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
export const weekdayCodes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const

export type Form = {
  /** RFC 5545, without COUNT and UNTIL: those are `end`. */
  rule: string
  end: { kind: 'never' } | { kind: 'until'; day: string } | { kind: 'count'; count: number }
  /** The first day; `time` is null for dates without a time. */
  day: string
  time: string | null
  zone: string | null
  mode: 'schedule' | 'completion'
  catchUp: 'keep_one' | 'skip_missed' | 'keep_all'
  monthEnd: 'clamp' | 'skip' | 'forward'
}

/** The parts of a rule by name: `FREQ`, `INTERVAL`, `BYDAY`... */
const partsOf = (rule: string): Record<string, string> =>
  Object.fromEntries(
    rule.split(';').flatMap((part) => (part.includes('=') ? [part.split('=') as [string, string]] : [])),
  )

const textOf = (parts: Record<string, string>): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join(';')

/** "Every 2 weeks on Monday and Friday" from what the custom editor asks. */
export function customRule(freq: Freq, interval: number, weekdays: readonly number[]): string {
  const parts: Record<string, string> = { FREQ: freq }
  if (interval > 1) parts.INTERVAL = String(interval)
  if (freq === 'WEEKLY' && weekdays.length > 0) {
    parts.BYDAY = weekdays
      .toSorted((a, b) => a - b)
      .map((weekday) => weekdayCodes[weekday - 1])
      .join(',')
  }
  return textOf(parts)
}

/** What the custom editor shows of a rule. */
export function customOf(rule: string, day: string): { freq: Freq; interval: number; weekdays: number[] } {
  const { FREQ = 'WEEKLY', INTERVAL = '1', BYDAY = '' } = partsOf(rule)
  const weekdays = BYDAY.split(',')
    .map((code) => weekdayCodes.indexOf(code as 'MO') + 1)
    .filter((weekday) => weekday > 0)
  const freq = (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const).find((name) => name === FREQ) ?? 'WEEKLY'
  return { freq, interval: Number(INTERVAL), weekdays: weekdays.length > 0 ? weekdays : [weekdayOf(day)] }
}

/** Whether short months matter to the rule. */
export function asksForLateDays(rule: string, day: string): boolean {
  const { FREQ, BYMONTHDAY, BYDAY } = partsOf(rule)
  if ((FREQ !== 'MONTHLY' && FREQ !== 'YEARLY') || BYDAY) return false
  const days = BYMONTHDAY ? BYMONTHDAY.split(',').map(Number) : [Number(day.slice(8, 10))]
  return days.some((each) => each > 28)
}

/** The fields of the API. */
export function fieldsOf({ rule, end, day, time, zone, mode, catchUp, monthEnd }: Form) {
  const start = time === null ? day : `${day}T${time}:00`
  return {
    recurrence_rule: end.kind === 'count' ? `${rule};COUNT=${end.count}` : rule,
    start_date: start,
    // A day fits every form of start, and is within it to its last minute in the zone of the series.
    end_date: end.kind === 'until' ? end.day : null,
    timezone: time === null ? null : zone,
    mode,
    catch_up: catchUp,
    month_end: monthEnd,
  } satisfies Partial<SeriesDraft>
}

/** The editor's form of a series that is there. */
export function formOf(series: Series): Form {
  const { COUNT, UNTIL: _, RSCALE: __, SKIP: ___, ...parts } = partsOf(series.recurrence_rule)
  const { start_date, end_date, timezone } = series
  const on = (due_date: string) => localDue({ due_date, due_at: null }, timezone ?? 'UTC')!
  const { day, time } = on(start_date)
  const end: Form['end'] = COUNT
    ? { kind: 'count', count: Number(COUNT) }
    : end_date
      ? { kind: 'until', day: on(end_date).day }
      : { kind: 'never' }
  return {
    rule: textOf(parts),
    end,
    day,
    time,
    zone: timezone,
    mode: series.mode,
    catchUp: series.catch_up,
    monthEnd: series.month_end,
  }
}
