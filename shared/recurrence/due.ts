/** A due date in its four forms, and the instant that it means. */
import { RecurrenceError } from './error.ts'

export type Due =
  | { kind: 'instant'; instant: Temporal.Instant }
  | { kind: 'date'; date: Temporal.PlainDate }
  | { kind: 'floating'; local: Temporal.PlainDateTime }
  | { kind: 'zoned'; local: Temporal.PlainDateTime; zone: string }

const pattern =
  /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?(?:\[([A-Za-z0-9_+\-/]{1,50})\])?)?$/

/** Reads one of the four forms. Throws a `RecurrenceError` that says what is wrong. */
export function parseDue(text: string): Due {
  const match = text.length <= 100 ? pattern.exec(text) : null
  if (!match) {
    throw new RecurrenceError(
      'malformed',
      'due_date',
      'Use a date (2025-01-15), a local time (2025-01-15T17:00:00), a time in a zone (2025-01-15T17:00:00[Europe/Berlin]) or an instant (2025-01-15T17:00:00Z).',
    )
  }
  const [, day, time, offset, zone] = match as unknown as [string, string, string?, string?, string?]
  const year = Number(day.slice(0, 4))
  if (year < 1970 || year > 2200) throw new RecurrenceError('out_of_range', 'due_date', 'Use a year from 1970 to 2200.')
  const date = existing(() => Temporal.PlainDate.from(day, { overflow: 'reject' }), `There is no ${day} in the calendar.`)
  if (time === undefined) return { kind: 'date', date }
  if (time.slice(6, 8) === '60') throw noSuch('There is no second 60 here. Use 00 to 59.')
  const local = existing(
    () => date.toPlainDateTime(Temporal.PlainTime.from(time, { overflow: 'reject' })),
    `There is no ${time} on a clock.`,
  )
  if (zone !== undefined) {
    if (!isZone(zone)) throw new RecurrenceError('unknown_zone', 'due_date', `There is no time zone ${zone}. Use a name such as Europe/Berlin.`)
    if (offset) existing(() => Temporal.ZonedDateTime.from(`${local.toString()}${offset}[${zone}]`), `The offset ${offset} is not that of ${zone} then.`)
    return { kind: 'zoned', local, zone }
  }
  if (offset === undefined) return { kind: 'floating', local }
  return { kind: 'instant', instant: existing(() => Temporal.Instant.from(text), `${text} is not an instant.`) }
}

/** Writes the same form again. */
export function formatDue(due: Due): string {
  switch (due.kind) {
    case 'instant':
      return due.instant.toString()
    case 'date':
      return due.date.toString()
    case 'floating':
      return due.local.toString()
    case 'zoned':
      return `${due.local.toString()}[${due.zone}]`
  }
}

/**
 * The instant at which it is overdue. A date ends with its day; local forms are read in the user's zone. A time that a
 * clock change skips shifts forward, one that comes twice means the first (`compatible` of Temporal).
 */
export function dueAt(due: Due, userZone: string): Temporal.Instant {
  switch (due.kind) {
    case 'instant':
      return due.instant
    case 'date':
      return due.date.add({ days: 1 }).toZonedDateTime(userZone).toInstant()
    case 'floating':
      return due.local.toZonedDateTime(userZone).toInstant()
    case 'zoned':
      return due.local.toZonedDateTime(due.zone).toInstant()
  }
}

const zones = new Map<string, boolean>()
const zonesMax = 1_000

/** Whether it names a zone of the IANA database; offsets such as `+02:00` do not. */
export function isZone(name: string): boolean {
  const known = zones.get(name)
  if (known !== undefined) return known
  const valid = /^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name) && resolves(name)
  if (zones.size >= zonesMax) zones.clear()
  zones.set(name, valid)
  return valid
}

function resolves(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const noSuch = (message: string) => new RecurrenceError('no_such_date', 'due_date', message)

function existing<T>(read: () => T, message: string): T {
  try {
    return read()
  } catch {
    throw noSuch(message)
  }
}
