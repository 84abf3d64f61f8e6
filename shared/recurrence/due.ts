/** A due date in its four forms, and the instant that it means. */
import { RecurrenceError } from './error.ts'

export type Due =
  | { kind: 'instant'; instant: Temporal.Instant }
  | { kind: 'date'; date: Temporal.PlainDate }
  | { kind: 'floating'; local: Temporal.PlainDateTime }
  | { kind: 'zoned'; local: Temporal.PlainDateTime; zone: string }

/** The years that the engine knows: before 1970 zones are guesswork, after 2200 rules are not meant. */
export const yearMin = 1970
export const yearMax = 2200

const pattern =
  /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?(?:\[([A-Za-z0-9_+\-/]{1,50})\])?)?$/

const forms =
  'Use a date (2025-01-15), a local time (2025-01-15T17:00:00), a time in a zone (2025-01-15T17:00:00[Europe/Berlin]) or an instant (2025-01-15T17:00:00Z).'

/** Reads one of the four forms. Throws a `RecurrenceError` whose `part` is the name of the field. */
export function parseDue(text: string, part = 'due_date'): Due {
  const match = typeof text === 'string' && text.length <= 120 ? pattern.exec(text) : null
  if (!match) throw new RecurrenceError('malformed', part, forms)
  const [, day, time, offset, zone] = match as unknown as [string, string, string?, string?, string?]
  const read = <T>(value: () => T, message: string): T => {
    try {
      return value()
    } catch {
      throw new RecurrenceError('no_such_date', part, message)
    }
  }
  const date = read(
    () => Temporal.PlainDate.from(day),
    `There is no ${day} in the calendar. Use a day that exists.`,
  )
  checkYear(date.year, part)
  if (time === undefined) return { kind: 'date', date }
  const clock = `There is no ${time} on a clock. Use 00:00:00 to 23:59:59.`
  // Temporal reads a leap second as :59, which would change what the user wrote.
  if (time.slice(6, 8) === '60') throw new RecurrenceError('no_such_date', part, clock)
  const local = read(() => Temporal.PlainDateTime.from(`${day}T${time}`), clock)
  if (zone !== undefined) return zonedDue(local, offset, zone, part)
  if (offset === undefined) return { kind: 'floating', local }
  const noOffset = `The offset ${offset} does not exist. Use Z.`
  const instant = read(() => Temporal.Instant.from(text), noOffset)
  // As far as Postgres takes them; the farthest that was ever in use is -15:56.
  if (Number(offset.slice(1, 3)) > 15) throw new RecurrenceError('no_such_date', part, noOffset)
  checkYear(instant.toZonedDateTimeISO('UTC').year, part)
  return { kind: 'instant', instant }
}

function zonedDue(
  local: Temporal.PlainDateTime,
  offset: string | undefined,
  name: string,
  part: string,
): Due {
  const zone = zoneId(name)
  if (zone === undefined) {
    throw new RecurrenceError(
      'unknown_zone',
      part,
      `There is no time zone ${name}. Use a name such as Europe/Berlin.`,
    )
  }
  const actual = local.toZonedDateTime(zone).offset
  if (offset !== undefined && offset.replace('Z', '+00:00') !== actual) {
    throw new RecurrenceError(
      'contradiction',
      part,
      `The offset ${offset} is not that of ${zone} at that time, which is ${actual}. Leave the offset out.`,
    )
  }
  return { kind: 'zoned', local, zone }
}

function checkYear(year: number, part: string): void {
  if (year < yearMin || year > yearMax) {
    throw new RecurrenceError('out_of_range', part, `Use a year from ${yearMin} to ${yearMax}.`)
  }
}

/** Writes the same form again, canonical: seconds always, a fraction only when it is not zero, instants in UTC. */
export function formatDue(due: Due): string {
  if (due.kind === 'instant') return due.instant.toString()
  if (due.kind === 'date') return due.date.toString()
  return due.kind === 'zoned' ? `${due.local.toString()}[${due.zone}]` : due.local.toString()
}

/**
 * The instant at which it is due. A date is due at the end of its day; a date and a floating time are read in the user's
 * zone. A time that a clock change skips shifts forward, one that comes twice means the first.
 */
export function dueAt(due: Due, userZone: string): Temporal.Instant {
  if (due.kind === 'instant') return due.instant
  if (due.kind === 'zoned') return due.local.toZonedDateTime(due.zone).toInstant()
  const zone = knownZone(userZone)
  if (due.kind === 'floating') return due.local.toZonedDateTime(zone).toInstant()
  return due.date.add({ days: 1 }).toZonedDateTime(zone).toInstant()
}

/**
 * The clock of a user whose day begins at `dayStart` (`HH:MM:SS`): until then it shows the day before. Set back on the clock,
 * not in elapsed hours, which differ on a day whose clocks change.
 */
export function ownClock(at: Temporal.Instant, zone: string, dayStart: string): Temporal.PlainDateTime {
  const { hour: hours, minute: minutes } = Temporal.PlainTime.from(dayStart)
  return at.toZonedDateTimeISO(zone).toPlainDateTime().subtract({ hours, minutes })
}

/** Whether it names a zone of the IANA database (`UTC` too); offsets such as `+02:00` do not. */
export function isZone(name: string): boolean {
  return zoneId(name) !== undefined
}

/** The zone's name in its usual letters. Throws a `RecurrenceError` for what is no zone. */
export function knownZone(name: string, part = 'time_zone'): string {
  const zone = zoneId(name)
  if (zone !== undefined) return zone
  throw new RecurrenceError(
    'unknown_zone',
    part,
    `There is no time zone ${typeof name === 'string' ? name.slice(0, 60) : 'of that kind'}. Use a name such as Europe/Berlin.`,
  )
}

const zones = new Map<string, string | undefined>()
const zonesMax = 1_000

function zoneId(name: string): string | undefined {
  if (zones.has(name)) return zones.get(name)
  const id =
    typeof name === 'string' && /^[A-Za-z][A-Za-z0-9_+\-/]{0,49}$/.test(name) ? resolve(name) : undefined
  // Names come from requests: the cache must not grow with what strangers invent.
  if (zones.size >= zonesMax) zones.clear()
  zones.set(name, id)
  return id
}

function resolve(name: string): string | undefined {
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId
  } catch {
    return undefined
  }
}
