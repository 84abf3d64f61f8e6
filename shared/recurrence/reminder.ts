/** When somebody is reminded of a due time: so long before it. */
import { knownZone, type Due } from './due.ts'
import { RecurrenceError } from './error.ts'

/** At the due time. */
export const onTime = 'PT0S'

const daysMax = 366

/** How a user reads dates: the zone, and the time of day (`HH:MM:SS`) at which a date is reminded of. */
export type Clock = { time_zone: string; reminder_time: string }

/** Reads an ISO 8601 duration of weeks, days, hours and minutes. Throws a `RecurrenceError` that says how to write it. */
export function parseReminder(text: string): Temporal.Duration {
  const duration = attempt(text)
  if (!duration || duration.sign < 0 || duration.years || duration.months || duration.seconds) {
    throw new RecurrenceError(
      'malformed',
      'reminders',
      'Use durations before the due time, such as PT0S, PT30M, PT1H or P1D.',
    )
  }
  if (duration.total({ unit: 'days', relativeTo: '2000-01-01' }) > daysMax) {
    throw new RecurrenceError('out_of_range', 'reminders', `Use at most ${daysMax} days.`)
  }
  return duration
}

function attempt(text: string): Temporal.Duration | undefined {
  try {
    return text.length <= 40 ? Temporal.Duration.from(text) : undefined
  } catch {
    return undefined
  }
}

/** One reminder: `before` is how it was asked for, `remind_at` its instant. */
export type PlannedReminder = { before: string; remind_at: string }

/**
 * Plans `reminders` of `due`, the earliest first; of several at one instant only the first. Days and weeks are calendar days:
 * the same clock time on an earlier date. Hours and minutes are exact. A date is reminded of at the user's reminder time, so
 * it counts back from there.
 */
export function planReminders(due: Due, clock: Clock, reminders: readonly string[]): PlannedReminder[] {
  // Nearly every task is reminded of once, when it is due.
  if (reminders.length === 1 && reminders[0] === onTime && due.kind === 'instant')
    return [{ before: onTime, remind_at: due.instant.toString() }]
  const base = baseOf(due, clock)
  const planned = new Map<string, PlannedReminder>()
  for (const before of reminders) {
    const remind_at = base.subtract(parseReminder(before)).toInstant().toString()
    if (!planned.has(remind_at)) planned.set(remind_at, { before, remind_at })
  }
  return [...planned.values()].toSorted((a, b) => Temporal.Instant.compare(a.remind_at, b.remind_at))
}

function baseOf(due: Due, { time_zone, reminder_time }: Clock): Temporal.ZonedDateTime {
  if (due.kind === 'zoned') return due.local.toZonedDateTime(due.zone)
  const timeZone = knownZone(time_zone)
  if (due.kind === 'instant') return due.instant.toZonedDateTimeISO(timeZone)
  if (due.kind === 'floating') return due.local.toZonedDateTime(timeZone)
  return due.date.toZonedDateTime({ timeZone, plainTime: reminder_time })
}
