/** Where a series stands: what is settled, what comes next, and what closing one of its tasks does. No I/O, no clock. */
import type { catchUps, modes } from '../contract/recurring-task.ts'
import { completeByPlan, nextAfterCompletion } from '../recurrence/completion.ts'
import { dueAt, ownClock } from '../recurrence/due.ts'
import { latestOccurrence, nextOccurrence, occurrences, type Occurrence } from '../recurrence/expand.ts'
import type { Series } from '../recurrence/series.ts'

/** The meaning of each column is in the table. */
export type Schedule = {
  settled_through: string
  next_occurrence: string | null
  next_due_at: string | null
  next_created_at: string | null
}

/** A series with everything that its dates are computed from. */
export type Standing = {
  series: Series
  mode: (typeof modes)[number]
  catch_up: (typeof catchUps)[number]
  settled_through: string
  /** Its owner's. */
  time_zone: string
  /** When its owner's day begins (`HH:MM:SS`): until then it is still the day before. */
  day_start: string
  /** How many of its occurrences are done, skipped or missed. */
  closed_count: number
}

/** At most so many passed occurrences are looked at one by one: of more, the oldest, and the current one. */
const passedMax = 1_000

const nothingNext = { next_occurrence: null, next_due_at: null, next_created_at: null }

/**
 * The schedule of a series that is settled through a key, or through a day with all its times. `from` leaves out what was due
 * before that instant. What comes after a completion is not known before it.
 */
export function scheduleAfter(
  { series, mode, time_zone }: Pick<Standing, 'series' | 'mode' | 'time_zone'>,
  settled_through: string,
  from?: Temporal.Instant,
): Schedule {
  const window = { after: settled_through, ...(from && { from }), userZone: time_zone }
  const next = mode === 'completion' ? undefined : occurrences(series, window).next().value
  if (!next) return { settled_through, ...nothingNext }
  return {
    settled_through,
    next_occurrence: next.key,
    next_due_at: next.at.toString(),
    next_created_at: createdAt(next, time_zone).toString(),
  }
}

/** A task that is due at the end of a day is of use from its beginning. */
function createdAt({ due, at }: Occurrence, zone: string): Temporal.Instant {
  return due.kind === 'date' ? due.date.toZonedDateTime(zone).toInstant() : at
}

/**
 * The occurrences whose tasks should exist by now and are not settled, oldest first. The last one is the current one; of more
 * than a thousand the others are the oldest.
 */
export function passed(
  { series, time_zone, settled_through }: Pick<Standing, 'series' | 'time_zone' | 'settled_through'>,
  now: Temporal.Instant,
): Occurrence[] {
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate()
  const dueBy = series.start.kind === 'date' ? dueAt({ kind: 'date', date: today }, time_zone) : now
  const window = { after: settled_through, before: dueBy.add({ nanoseconds: 1 }), userZone: time_zone }
  const found = [...occurrences(series, window).take(passedMax)]
  const current = found.length === passedMax ? latestOccurrence(series, dueBy, time_zone) : undefined
  return current && current.key !== found.at(-1)!.key ? [...found, current] : found
}

/** What closing a task does: which occurrence counts as closed, which were missed before it, what is settled, what comes next. */
export type Closing = {
  closed: string
  missed: Occurrence[]
  settled_through: string
  next: Occurrence | undefined
}

/**
 * Closes the open occurrence `key` at an instant. By the plan it closes the current one, so that the next lies in the future
 * and those between are missed; early, moved by hand, or where each occurrence stays open, it closes itself. By completion
 * the next counts from that day.
 */
export function close(standing: Standing, key: string, isMoved: boolean, at: Temporal.Instant): Closing {
  const { series, mode, catch_up, settled_through, time_zone } = standing
  if (mode === 'completion')
    return {
      closed: key,
      missed: [],
      settled_through,
      next: afterCompletion(standing, key, dayOf(standing, at)),
    }
  if (isMoved || catch_up === 'keep_all') return closeItself(standing, key)
  const { consumed } = completeByPlan(series, key, dayOf(standing, at), time_zone)
  if (consumed === key) return closeItself(standing, key)
  const settled = later(consumed, settled_through)
  return {
    closed: consumed,
    missed: between(standing, key, consumed),
    settled_through: settled,
    next: nextOccurrence(series, settled, time_zone),
  }
}

/** What a late closing leaves undone: after the task, or after what is settled where the task was made ahead of its time. */
function between(
  { series, settled_through, time_zone }: Standing,
  key: string,
  current: string,
): Occurrence[] {
  const after = key < settled_through ? key : settled_through
  const found = [...occurrences(series, { after, userZone: time_zone }).take(passedMax)]
  return found.filter((occurrence) => occurrence.key < current && occurrence.key !== key)
}

/** One that is closed ahead of others does not settle those: the next is the first of them. */
function closeItself({ series, settled_through, time_zone }: Standing, key: string): Closing {
  const others = { ...series, exdates: [...(series.exdates ?? []), key] }
  const next = nextOccurrence(others, settled_through, time_zone)
  const isAhead = next !== undefined && next.key < key
  return {
    closed: key,
    missed: [],
    settled_through: isAhead ? settled_through : later(key, settled_through),
    next,
  }
}

const later = (a: string, b: string): string => (a > b ? a : b)

/** Shifted so that what is done before the owner's day begins counts for the day before. Exact times stay exact. */
function dayOf({ series, mode, time_zone, day_start }: Standing, at: Temporal.Instant): Temporal.Instant {
  const isByDay =
    series.start.kind === 'date' ||
    (mode === 'completion' && series.rule?.freq !== 'HOURLY' && series.rule?.freq !== 'MINUTELY')
  if (!isByDay) return at
  return ownClock(at, time_zone, day_start).toZonedDateTime(time_zone).toInstant()
}

/** Never the same occurrence again, also when it is done long before or after its day. */
function afterCompletion(standing: Standing, key: string, at: Temporal.Instant): Occurrence | undefined {
  const { series, time_zone, closed_count } = standing
  const others = { ...series, exdates: [...(series.exdates ?? []), key] }
  return nextAfterCompletion(others, at, time_zone, closed_count + 1)
}

/** The day before that of a key. */
export const dayBefore = (key: string): string =>
  Temporal.PlainDate.from(key.slice(0, 10)).subtract({ days: 1 }).toString()
