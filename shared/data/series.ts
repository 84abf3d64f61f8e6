/** What the functions about recurring tasks have in common: the rule of a series, what comes next, and its tasks. */
import { createHash } from 'node:crypto'
import type { Fragment } from 'postgres'
import type { RecurringTask } from '../contract/recurring-task.ts'
import { refuse } from '../http/validate.ts'
import { dueAt, parseDue } from '../recurrence/due.ts'
import { RecurrenceError } from '../recurrence/error.ts'
import { latestOccurrence, nextOccurrence, occurrences, type Occurrence } from '../recurrence/expand.ts'
import type { Series } from '../recurrence/series.ts'
import { simpleSeries } from '../recurrence/simple.ts'
import type { DuePlan } from './due.ts'
import { sql } from './sql.ts'
import { taskColumns } from './tasks.ts'

/** The fields of a series that make its rule. */
export type Rule = Pick<RecurringTask, 'recurrence_type' | 'recurrence_interval' | 'start_date' | 'end_date'>

/** Where a series stands; the meaning of each column is in the table. */
export type Schedule = {
  settled_through: string
  next_occurrence: string | null
  next_due_at: string | null
  next_created_at: string | null
}

/** The columns of a `RecurringTask` of the contract, in its order. */
export const seriesColumns = (): Fragment => sql`
  id, user_id, title, description, priority, tags, recurrence_type, recurrence_interval, start_date, end_date,
  next_due_at, is_active, last_created_at, version, created_at, updated_at`

/** What a schedule is computed from, beside the rule: the present instant and the owner's zone. */
export const seriesClock = (): Fragment => sql`
  clock_now() as now,
  coalesce(
    (select time_zone from preferences where preferences.user_id = recurring_tasks.user_id),
    'UTC') as time_zone`

/** The series of a rule. Refuses, by field, what is no rule and what ends before it starts. */
export function seriesOf(rule: Rule): Series {
  try {
    const start = parseDue(rule.start_date, 'start_date')
    const end = rule.end_date === null ? null : parseDue(rule.end_date, 'end_date')
    if (end && end.kind !== 'date' && end.kind !== start.kind) {
      refuse([{ field: 'end_date', message: 'Use a date, or the same form as start_date.' }])
    }
    const { recurrence_type, recurrence_interval } = rule
    const series = simpleSeries({ start, end, recurrence_type, recurrence_interval })
    // The start is always an occurrence, unless the end is before it.
    if (!nextOccurrence(series, undefined, 'UTC')) {
      refuse([{ field: 'end_date', message: 'The end is before the start. Use a later one.' }])
    }
    return series
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error
    refuse([{ field: error.part, message: error.message }])
  }
}

/** The present minute as a local time, which follows the user from zone to zone: the start of a series that names none. */
export const minuteOf = (now: string, zone: string): string =>
  Temporal.Instant.from(now)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .round({ smallestUnit: 'minute', roundingMode: 'floor' })
    .toString()

/** The first occurrence of a series. */
export function firstOccurrence(series: Series, zone: string): Occurrence {
  return nextOccurrence(series, undefined, zone)!
}

/** The schedule of a series that is settled through a local day. `from` leaves out what was due before that instant. */
export function scheduleAfter(
  series: Series,
  zone: string,
  settledThrough: string,
  from?: Temporal.Instant,
): Schedule {
  const [next] = occurrences(series, { after: settledThrough, ...(from && { from }), userZone: zone }).take(1)
  const settled_through = settledThrough
  if (!next) return { settled_through, next_occurrence: null, next_due_at: null, next_created_at: null }
  return {
    settled_through,
    next_occurrence: next.key,
    next_due_at: next.at.toString(),
    next_created_at: createdAt(next, zone).toString(),
  }
}

/** The occurrence that a series owes at an instant: the latest one whose task should exist by then, if it is not settled. */
export function owedAt(
  series: Series,
  zone: string,
  settledThrough: string,
  now: Temporal.Instant,
): Occurrence | undefined {
  const today = now.toZonedDateTimeISO(zone).toPlainDate()
  const dueBy = series.start.kind === 'date' ? dueAt({ kind: 'date', date: today }, zone) : now
  const latest = latestOccurrence(series, dueBy, zone)
  return latest && dayOf(latest.key) > settledThrough ? latest : undefined
}

/** Has the next round of the scan compute again where the series of a user stand whose zone has changed. */
export const recomputeSeries = async (userId: string): Promise<void> => {
  await sql`
    update recurring_tasks
    set next_created_at = clock_now()
    where user_id = ${userId} and is_active and deleted_at is null`
}

/** A task that is due at the end of a day is of use from its beginning. */
function createdAt({ due, at }: Occurrence, zone: string): Temporal.Instant {
  return due.kind === 'date' ? due.date.toZonedDateTime(zone).toInstant() : at
}

/** The local day of a key. The rules of a series count in days or more, so a day has one occurrence at most. */
export const dayOf = (key: string): string => key.slice(0, 10)

/**
 * The expression that makes the task of an occurrence of each row of `series`, from its template. The id derives from
 * series and key, so a task that was made before, and perhaps deleted by its owner, is not made again.
 */
export const insertOccurrence = (
  seriesId: string,
  { key, due_date, due_at }: { key: string } & DuePlan,
): Fragment => sql`
  task as (
    insert into tasks
      (id, user_id, title, description, priority, tags, due_date, due_at, recurring_task_id, occurrence)
    select
      ${occurrenceId(seriesId, key)}::uuid, series.user_id, series.title, series.description, series.priority, series.tags,
      ${due_date}, ${due_at}::timestamptz, series.id, ${key}
    from series
    on conflict do nothing
    returning ${taskColumns()}
  )`

/** Made once with `randomUUID()`; a change would make every task of every series a second time. */
const occurrenceNamespace = '210395fd-b911-45bd-9d80-ba6c97aab608'

/** The id of an occurrence's task. */
export const occurrenceId = (seriesId: string, key: string): string =>
  uuidV5(occurrenceNamespace, `${seriesId}/${key}`)

/** The name-based identifier of RFC 9562, section 5.5. */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
