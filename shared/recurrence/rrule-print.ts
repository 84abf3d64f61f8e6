/** Writes series as RFC 5545 and RFC 7529 have them. */
import { numberParts } from './check.ts'
import { civil, daySeconds, monthDays } from './civil.ts'
import type { Due } from './due.ts'
import { RecurrenceError } from './error.ts'
import type { Rule } from './rule.ts'
import { planOf, type Series } from './series.ts'

/** The value of `RRULE`, parts in the order of the RFC. What is the default is left out. */
export function printRule(rule: Rule): string {
  const skip = rule.skip !== undefined && rule.skip !== 'OMIT'
  const parts = [...(skip ? ['RSCALE=GREGORIAN'] : []), `FREQ=${rule.freq}`]
  if (rule.interval !== undefined && rule.interval !== 1) parts.push(`INTERVAL=${rule.interval}`)
  if (rule.count !== undefined) parts.push(`COUNT=${rule.count}`)
  if (rule.until !== undefined) parts.push(`UNTIL=${compact(rule.until)}`)
  for (const { name, field } of numberParts) {
    if (name === 'BYHOUR' && rule.byDay)
      parts.push(`BYDAY=${rule.byDay.map(({ day, nth }) => `${nth ?? ''}${day}`).join(',')}`)
    const values = rule[field] as readonly number[] | undefined
    if (values) parts.push(`${name}=${values.join(',')}`)
  }
  if (rule.weekStart !== undefined && rule.weekStart !== 'MO') parts.push(`WKST=${rule.weekStart}`)
  if (skip) parts.push(`SKIP=${rule.skip}`)
  return parts.join(';')
}

/** The lines of a series, `DTSTART` first. UNTIL is written in UTC when the start has a zone, as the RFC demands. */
export function printSeries(series: Series): string {
  const plan = planOf(series)
  const lines = [`DTSTART${startValue(series)}`]
  if (series.rule) lines.push(`RRULE:${printRule(untilFor(series, series.rule))}`)
  const zone = plan.kind === 'date' || plan.kind === 'floating' || plan.zone === 'UTC' ? undefined : plan.zone
  lines.push(
    ...dateLines('EXDATE', series.exdates, series.start, zone),
    ...dateLines('RDATE', series.rdates, series.start, zone),
  )
  return lines.join('\r\n')
}

function startValue({ start, zone }: Series): string {
  if (start.kind === 'date') return `;VALUE=DATE:${compact(start.date.toString())}`
  if (start.kind === 'floating') return `:${compact(seconds(start.local))}`
  if (start.kind === 'zoned') return `;TZID=${start.zone}:${compact(seconds(start.local))}`
  if (zone === undefined || zone === 'UTC')
    return `:${compact(start.instant.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString())}`
  return `;TZID=${zone}:${compact(seconds(start.instant.toZonedDateTimeISO(zone).toPlainDateTime()))}`
}

function seconds(local: Temporal.PlainDateTime): string {
  return local.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString()
}

/** The end in the form that goes with the start: a date with a date, UTC with a zone. */
function untilFor(series: Series, rule: Rule): Rule {
  if (rule.until === undefined || rule.until.endsWith('Z')) return rule
  const { kind, zone } = planOf(series)
  if (kind === 'date') return { ...rule, until: rule.until.slice(0, 10) }
  const local = rule.until.length === 10 ? `${rule.until}T23:59:59` : rule.until
  if (kind === 'floating' || zone === undefined) return { ...rule, until: local }
  return { ...rule, until: Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString() }
}

/** Dates, local times and instants cannot share a line: each has its own value type. */
function dateLines(
  name: string,
  texts: readonly string[] | undefined,
  start: Due,
  zone: string | undefined,
): string[] {
  const groups = Map.groupBy(texts ?? [], (text) =>
    text.length === 10 ? 'date' : text.endsWith('Z') ? 'instant' : 'local',
  )
  return [...groups].map(([group, values]) => {
    const list = values.map(compact).join(',')
    if (group === 'date') return `${name};VALUE=DATE:${list}`
    if (group === 'instant') return `${name}:${list}`
    if (zone !== undefined) return `${name};TZID=${zone}:${list}`
    return start.kind === 'instant'
      ? `${name}:${values.map((text) => `${compact(text)}Z`).join(',')}`
      : `${name}:${list}`
  })
}

function compact(text: string): string {
  return text.replaceAll(/[-:]/g, '').replace(/\.\d+/, '')
}

/**
 * A rule without SKIP that gives the same dates everywhere: the 31st, or the last day of shorter months, becomes
 * `BYMONTHDAY=28,29,30,31;BYSETPOS=-1`. Throws a `RecurrenceError` for the few clamped rules that have no such form.
 */
export function portableRule(series: Series): Rule | undefined {
  const { rule } = series
  if (!rule || rule.skip === undefined || rule.skip === 'OMIT') return rule
  const { skip: _, ...plain } = rule
  const plan = planOf(series)
  const days = plan.monthDays
  if (rule.freq !== 'MONTHLY' && rule.freq !== 'YEARLY') return plain
  if (!days && !plan.yearDays) return plain
  const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].filter(
    (m) => plan.months === 0 || (plan.months & (1 << m)) !== 0,
  )
  const shortest = Math.min(...months.map((month) => monthDays(2_001, month)))
  if (days && !plan.yearDays && days.every((day) => Math.abs(day) <= shortest)) return plain
  const [day = 0] = days ?? []
  const fits =
    rule.skip === 'BACKWARD' &&
    days?.length === 1 &&
    day > 0 &&
    plan.times.length === 1 &&
    !rule.byDay &&
    !rule.bySetPos
  const monthly = rule.freq === 'MONTHLY' || months.length === 1 || (rule.interval ?? 1) === 1
  if (!fits || !monthly || plan.yearDays || plan.weekNos) {
    throw new RecurrenceError(
      'unsupported',
      'SKIP',
      'No portable rule gives these dates. Export the dates themselves.',
    )
  }
  const byMonthDay = Array.from({ length: day - shortest + 1 }, (_, index) => shortest + index)
  if (rule.freq === 'MONTHLY') return { ...plain, byMonthDay, bySetPos: [-1] }
  const byMonth =
    rule.byMonth ?? (rule.byMonthDay ? months : [civil(Math.floor(plan.start / daySeconds)).month])
  if (months.length === 1) return { ...plain, byMonth, byMonthDay, bySetPos: [-1] }
  return { ...plain, freq: 'MONTHLY', byMonth, byMonthDay, bySetPos: [-1] }
}
