/** Reads `RRULE`, `DTSTART`, `EXDATE` and `RDATE` as RFC 5545 and RFC 7529 write them. */
import { checkRule, datesMax, numberParts, parsePoint } from './check.ts'
import { localText } from './civil.ts'
import { knownZone, parseDue, yearMax, type Due } from './due.ts'
import { RecurrenceError, type RecurrenceErrorCode } from './error.ts'
import {
  frequencies,
  weekdays,
  type Frequency,
  type Rule,
  type Skip,
  type Weekday,
  type WeekdayRule,
} from './rule.ts'
import { planOf, type Series } from './series.ts'
import { zoneClock } from './zone.ts'

export const ruleLengthMax = 2_000
const textLengthMax = 100_000

/** Reads a rule, with or without `RRULE:` before it. Throws a `RecurrenceError` that names the part that is wrong. */
export function parseRule(text: string): Rule {
  if (typeof text !== 'string') throw refuse('malformed', 'RRULE', 'Give the rule as text.')
  if (text.length > ruleLengthMax)
    throw refuse('too_large', 'RRULE', `Use at most ${ruleLengthMax} characters.`)
  const parts = new Map<string, string>()
  for (const part of text
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')) {
    const [name = '', value = '', ...rest] = part.split('=')
    if (!readers.has(name))
      throw refuse('malformed', shown(name) || 'RRULE', 'A rule is made of parts such as FREQ=DAILY;COUNT=3.')
    if (parts.has(name)) throw refuse('contradiction', name, `${name} is given twice. Give it once.`)
    if (value === '' || rest.length > 0) throw refuse('malformed', name, `Write ${name}=, then its value.`)
    parts.set(name, value)
  }
  if (!parts.has('FREQ')) throw refuse('malformed', 'FREQ', 'A rule needs FREQ, for example FREQ=WEEKLY.')
  if (parts.has('SKIP') && !parts.has('RSCALE')) {
    throw refuse('contradiction', 'SKIP', 'SKIP needs RSCALE=GREGORIAN beside it (RFC 7529).')
  }
  const rule: Rule = { freq: 'DAILY' }
  for (const [name, value] of parts) readers.get(name)!(rule, value)
  checkRule(rule)
  return rule
}

const readers = new Map<string, (rule: Rule, value: string) => void>([
  ['FREQ', (rule, value) => (rule.freq = frequency(value))],
  ['INTERVAL', (rule, value) => (rule.interval = whole(value, 'INTERVAL'))],
  ['COUNT', (rule, value) => (rule.count = whole(value, 'COUNT'))],
  ['UNTIL', (rule, value) => (rule.until = pointText(value, 'UNTIL'))],
  ['WKST', (rule, value) => (rule.weekStart = weekdayOf(value, 'WKST'))],
  ['BYDAY', (rule, value) => (rule.byDay = value.split(',').map(weekdayRule))],
  ['SKIP', (rule, value) => (rule.skip = value as Skip)],
  ['RSCALE', (_, value) => gregorian(value)],
  ...numberParts.map(
    ({ name, field }) =>
      [name, (rule: Rule, value: string) => Object.assign(rule, { [field]: numbers(value, name) })] as const,
  ),
])

function frequency(value: string): Frequency {
  const known = frequencies.find((name) => name === value)
  if (known) return known
  if (value === 'SECONDLY')
    throw refuse('unsupported', 'FREQ', 'Use MINUTELY or longer: a task every second is nobody’s.')
  throw refuse('malformed', 'FREQ', `Use one of ${frequencies.join(', ')}.`)
}

function gregorian(value: string): void {
  if (value !== 'GREGORIAN') throw refuse('unsupported', 'RSCALE', 'Only GREGORIAN is supported.')
}

function whole(value: string, name: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw refuse('malformed', name, 'Use a whole number, 1 or more.')
}

function numbers(value: string, name: string): number[] {
  return value.split(',').map((item) => {
    if (!/^[+-]?\d{1,3}$/.test(item))
      throw refuse('malformed', name, `Use whole numbers with commas between them.`)
    const number = Number(item)
    // RFC 5545 section 3.3.10: who knows no leap seconds reads second 60 as 59.
    return name === 'BYSECOND' && number === 60 ? 59 : number
  })
}

function weekdayRule(item: string): WeekdayRule {
  const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(item)
  if (!match)
    throw refuse('malformed', 'BYDAY', 'Use weekdays such as MO, 2TU or -1FR with commas between them.')
  const day = weekdayOf(match[2]!, 'BYDAY')
  return match[1] === undefined ? { day } : { day, nth: Number(match[1]) }
}

function weekdayOf(value: string, name: string): Weekday {
  const known = weekdays.find((day) => day === value)
  if (known) return known
  throw refuse('malformed', name, `Use the weekdays ${weekdays.join(', ')}.`)
}

/** From `20250115T170000Z` to `2025-01-15T17:00:00Z`. An end beyond the last year of the engine means the last year. */
function pointText(value: string, part: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(value)
  if (!match)
    throw refuse('malformed', part, 'Write dates as 20250115, times as 20250115T170000 or 20250115T170000Z.')
  const [, year, month, day, hour, minute, second, utc] = match
  const last = part === 'UNTIL' && Number(year) > yearMax ? `${yearMax}-12-31` : `${year}-${month}-${day}`
  if (hour === undefined) return last
  return `${last}T${hour}:${minute}:${second === '60' ? '59' : second}${utc}`
}

/**
 * Reads the lines of a series, folded or not: `DTSTART` once, `RRULE` at most once, any number of `EXDATE` and `RDATE`.
 * Throws a `RecurrenceError` that names the property or the part of the rule that is wrong.
 */
export function parseSeries(text: string): Series {
  if (typeof text !== 'string') throw refuse('malformed', 'DTSTART', 'Give the lines as text.')
  if (text.length > textLengthMax)
    throw refuse('too_large', 'RDATE', `Use at most ${textLengthMax} characters.`)
  let start: Due | undefined
  let rule: Rule | undefined
  const dates = { EXDATE: [] as string[], RDATE: [] as string[] }
  for (const line of text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    if (line.trim() === '') continue
    const { name, zone, value } = property(line)
    if (name === 'DTSTART') {
      if (start) throw refuse('contradiction', 'DTSTART', 'DTSTART is given twice. Give it once.')
      start = parseDue(withZone(pointText(value, name), zone), name)
    } else if (name === 'RRULE') {
      if (rule) throw refuse('unsupported', 'RRULE', 'Give one rule only; add single dates as RDATE.')
      rule = parseRule(value)
    } else if (name === 'EXDATE' || name === 'RDATE') {
      for (const item of value.split(',')) dates[name].push(dateKey(pointText(item, name), zone, start, name))
      if (dates[name].length > datesMax) throw refuse('too_large', name, `Use at most ${datesMax} dates.`)
    } else throw refuse('unsupported', shown(name), 'Use DTSTART, RRULE, EXDATE and RDATE, one on each line.')
  }
  if (!start)
    throw refuse('malformed', 'DTSTART', 'A series needs DTSTART, for example DTSTART:20250115T090000.')
  const series: Series = { start }
  if (rule) series.rule = rule
  if (dates.EXDATE.length > 0) series.exdates = dates.EXDATE
  if (dates.RDATE.length > 0) series.rdates = dates.RDATE
  planOf(series)
  return series
}

function property(line: string): { name: string; zone: string | undefined; value: string } {
  const match = /^([A-Za-z-]+)((?:;[A-Za-z-]+=(?:"[^"]*"|[^";:]*))*):(.*)$/.exec(line)
  if (!match) throw refuse('malformed', shown(line), 'A line is a name, a colon and a value.')
  const name = match[1]!.toUpperCase()
  let zone: string | undefined
  for (const [, key, quoted, bare] of match[2]!.matchAll(/;([A-Za-z-]+)=(?:"([^"]*)"|([^";:]*))/g)) {
    const parameter = key!.toUpperCase()
    const value = quoted ?? bare ?? ''
    if (parameter === 'TZID') zone = knownZone(value.replace(/^\//, ''), 'TZID')
    else if (parameter === 'VALUE' && /^(DATE|DATE-TIME)$/i.test(value)) continue
    else if (!parameter.startsWith('X-'))
      throw refuse('unsupported', parameter, `${name} cannot have ${shown(key!)}=${shown(value)}.`)
  }
  const value = name === 'RRULE' ? match[3]! : match[3]!.toUpperCase()
  return { name, zone, value: value.trim() }
}

function withZone(text: string, zone: string | undefined): string {
  if (zone === undefined || text.length === 10) return text
  if (text.endsWith('Z'))
    throw refuse('contradiction', 'TZID', 'A time in UTC cannot have a zone. Leave the Z or TZID out.')
  return `${text}[${zone}]`
}

/** A date in the zone of the start is a local key; one in another zone is an instant. */
function dateKey(text: string, zone: string | undefined, start: Due | undefined, part: string): string {
  withZone(text, zone)
  const point = parsePoint(text, part)
  if (zone === undefined || point.kind !== 'local' || (start?.kind === 'zoned' && start.zone === zone))
    return text
  return `${localText(zoneClock(zone).resolve(point.local).epoch)}Z`
}

function shown(text: string): string {
  return text.slice(0, 30)
}

function refuse(code: RecurrenceErrorCode, part: string, message: string): RecurrenceError {
  return new RecurrenceError(code, part, message)
}
