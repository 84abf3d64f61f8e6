/** Refuses a rule that RFC 5545 does not allow or that is larger than anybody means. */
import { dayNumber, daySeconds, monthDays } from './civil.ts'
import { parseDue, yearMax, yearMin } from './due.ts'
import { RecurrenceError, type RecurrenceErrorCode } from './error.ts'
import { frequencies, weekdays, type Frequency, type Rule } from './rule.ts'

const intervalMax = 1_000
const countMax = 100_000
export const datesMax = 1_000

type Part = {
  name: string
  field: keyof Rule
  least: number
  most: number
  signed: boolean
  not: readonly Frequency[]
}

const upToMonthly = ['DAILY', 'WEEKLY', 'MONTHLY'] as const
const notYearly = ['MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'] as const

/** The numbers that each part may hold, and the frequencies with which RFC 5545 forbids it. */
export const numberParts: readonly Part[] = [
  { name: 'BYMONTH', field: 'byMonth', least: 1, most: 12, signed: false, not: [] },
  { name: 'BYWEEKNO', field: 'byWeekNo', least: 1, most: 53, signed: true, not: notYearly },
  { name: 'BYYEARDAY', field: 'byYearDay', least: 1, most: 366, signed: true, not: upToMonthly },
  { name: 'BYMONTHDAY', field: 'byMonthDay', least: 1, most: 31, signed: true, not: ['WEEKLY'] },
  { name: 'BYHOUR', field: 'byHour', least: 0, most: 23, signed: false, not: [] },
  { name: 'BYMINUTE', field: 'byMinute', least: 0, most: 59, signed: false, not: [] },
  { name: 'BYSECOND', field: 'bySecond', least: 0, most: 59, signed: false, not: [] },
  { name: 'BYSETPOS', field: 'bySetPos', least: 1, most: 366, signed: true, not: [] },
]

/** Throws a `RecurrenceError` that names the part of the rule that is wrong. */
export function checkRule(rule: Rule): void {
  if (typeof rule !== 'object' || rule === null || !frequencies.includes(rule.freq)) {
    throw refuse('malformed', 'FREQ', `Use one of ${frequencies.join(', ')}.`)
  }
  checkNumber(rule.interval, 'INTERVAL', intervalMax)
  checkNumber(rule.count, 'COUNT', countMax)
  if (rule.count !== undefined && rule.until !== undefined) {
    throw refuse('contradiction', 'COUNT', 'A rule ends by COUNT or by UNTIL. Leave one of them out.')
  }
  if (rule.until !== undefined && parseDue(rule.until, 'UNTIL').kind === 'zoned') {
    throw refuse('malformed', 'UNTIL', 'Use a date, a local time or an instant, without a zone.')
  }
  if (rule.weekStart !== undefined && !weekdays.includes(rule.weekStart)) {
    throw refuse('malformed', 'WKST', `Use one of ${weekdays.join(', ')}.`)
  }
  if (rule.skip !== undefined && !['OMIT', 'BACKWARD', 'FORWARD'].includes(rule.skip)) {
    throw refuse('malformed', 'SKIP', 'Use OMIT, BACKWARD or FORWARD.')
  }
  for (const part of numberParts) checkNumbers(rule, part)
  checkWeekdays(rule)
  if (
    rule.bySetPos &&
    !numberParts.some((part) => part.field !== 'bySetPos' && rule[part.field]) &&
    !rule.byDay
  ) {
    throw refuse(
      'contradiction',
      'BYSETPOS',
      'BYSETPOS picks from another BY part. Add one, or leave it out.',
    )
  }
}

function checkNumber(value: unknown, name: string, most: number): void {
  if (value === undefined || isWhole(value, 1, most)) return
  const code = typeof value === 'number' && value > most ? 'too_large' : 'malformed'
  throw refuse(code, name, `Use a whole number from 1 to ${most.toLocaleString('en')}.`)
}

function checkNumbers(rule: Rule, part: Part): void {
  const values: unknown = rule[part.field]
  if (values === undefined) return
  if (part.not.includes(rule.freq)) {
    throw refuse(
      'contradiction',
      part.name,
      `RFC 5545 does not allow ${part.name} with FREQ=${rule.freq}. Leave it out.`,
    )
  }
  const range = `${part.signed ? `-${part.most} to -${part.least} or ` : ''}${part.least} to ${part.most}`
  if (!Array.isArray(values) || values.length === 0 || values.length > 2 * part.most + 2) {
    throw refuse('malformed', part.name, `Give a list of numbers from ${range}.`)
  }
  for (const value of values) {
    const size: unknown = part.signed && typeof value === 'number' ? Math.abs(value) : value
    if (!isWhole(size, part.least, part.most)) {
      throw refuse('malformed', part.name, `Use whole numbers from ${range}.`)
    }
  }
}

function checkWeekdays(rule: Rule): void {
  const values: unknown = rule.byDay
  if (values === undefined) return
  if (!Array.isArray(values) || values.length === 0 || values.length > 800) {
    throw refuse('malformed', 'BYDAY', `Give a list of weekdays: ${weekdays.join(', ')}.`)
  }
  for (const value of values as { day?: unknown; nth?: unknown }[]) {
    if (typeof value !== 'object' || value === null || !weekdays.some((day) => day === value.day)) {
      throw refuse('malformed', 'BYDAY', `Use the weekdays ${weekdays.join(', ')}.`)
    }
    if (value.nth === undefined) continue
    if (typeof value.nth !== 'number' || !isWhole(Math.abs(value.nth), 1, 53)) {
      throw refuse('malformed', 'BYDAY', 'The number before a weekday is -53 to -1 or 1 to 53.')
    }
    if ((rule.freq !== 'MONTHLY' && rule.freq !== 'YEARLY') || rule.byWeekNo) {
      throw refuse(
        'contradiction',
        'BYDAY',
        `A number before a weekday has a meaning only in a month or a year. Leave ${value.nth} out, or use FREQ=MONTHLY.`,
      )
    }
  }
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function refuse(code: RecurrenceErrorCode, part: string, message: string): RecurrenceError {
  return new RecurrenceError(code, part, message)
}

/** A moment that a caller gives: a day, a local time or an instant, in whole days or seconds since 1970. */
export type Point =
  | { kind: 'date'; day: number }
  | { kind: 'local'; local: number }
  | { kind: 'instant'; epoch: number }

const plain = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(Z?))?$/

/** Reads a key, an exception or an end. `part` names it in the error. */
export function parsePoint(text: string, part: string): Point {
  return plainPoint(text) ?? oddPoint(text, part)
}

const firstDay = dayNumber(yearMin, 1, 1)

/** The usual forms in whole numbers, because a series may have two thousand of them. */
function plainPoint(text: string): Point | undefined {
  const match = typeof text === 'string' ? plain.exec(text) : null
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    ...number[],
  ]
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) return undefined
  const days = dayNumber(year, month, day)
  // The first day of a calendar east of Greenwich begins in UTC on the day before.
  if (days < firstDay - (match[7] === 'Z' ? 1 : 0) || year > yearMax) return undefined
  if (match[4] === undefined) return { kind: 'date', day: days }
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined
  const local = days * daySeconds + hour! * 3_600 + minute! * 60 + second!
  return match[7] === 'Z' ? { kind: 'instant', epoch: local } : { kind: 'local', local }
}

/** Every other form, and the reason why a form is none. */
function oddPoint(text: string, part: string): Point {
  const due = parseDue(text, part)
  if (due.kind === 'instant')
    return { kind: 'instant', epoch: Math.floor(due.instant.epochMilliseconds / 1_000) }
  if (due.kind === 'date') return { kind: 'date', day: localOf(due.date.toPlainDateTime()) / daySeconds }
  if (due.kind === 'floating') return { kind: 'local', local: localOf(due.local) }
  throw refuse('malformed', part, `Use a date, a local time or an instant up to ${yearMax}, without a zone.`)
}

/** Seconds from 1970-01-01T00:00 to a local time, as if the zone were UTC. */
export function localOf(local: Temporal.PlainDateTime): number {
  return Math.floor(local.toZonedDateTime('UTC').epochMilliseconds / 1_000)
}
