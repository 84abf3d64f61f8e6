/** A series as it is stored: its columns, its reply, and the lock under which its occurrences change. */
import type { Fragment } from 'postgres'
import { Problem } from '../contract/problem.ts'
import type { RecurringTask } from '../contract/recurring-task.ts'
import { currentLanguage } from '../runtime/context.ts'
import { sentenceOf } from '../recurrence/sentence.ts'
import { ruleText, seriesOf, type RuleFields } from './rule.ts'
import type { Schedule, Standing } from './schedule.ts'
import { wakeAfterwards } from './signal.ts'
import { sql } from './sql.ts'

/** The columns that a reply is made of. */
export type SeriesRow = Omit<RecurringTask, 'recurrence_rule' | 'sentence' | 'count'> & RuleFields

/** The columns of a `SeriesRow` of `recurring_tasks`. */
export const seriesColumns = (): Fragment => sql`
  id, user_id, title, description, priority, tags, reminders, recurrence_type, recurrence_interval, recurrence_rule,
  start_date, end_date, timezone, mode, catch_up, month_end, next_due_at, is_active, continues_id, last_created_at,
  version, created_at, updated_at,
  (
    select tasks.id
    from tasks
    where tasks.recurring_task_id = recurring_tasks.id and tasks.status = 'open' and tasks.deleted_at is null
    order by tasks.occurrence desc
    limit 1
  ) as open_task_id`

/** The series as the API gives it. */
export function toRecurringTask(row: SeriesRow): RecurringTask {
  const series = seriesOf(row)
  const rule = series.rule!
  const { id, user_id, title, description, priority, tags, reminders, ...rest } = row
  return {
    id,
    user_id,
    title,
    description,
    priority,
    tags,
    reminders,
    ...rest,
    recurrence_rule: ruleText(series),
    sentence: sentenceOf(rule, series.start, currentLanguage()),
    count: rule.count ?? null,
  }
}

/** A series of the caller, or a 404. */
export async function readSeries(userId: string, id: string): Promise<RecurringTask> {
  const [row] = await sql<SeriesRow[]>`
    select ${seriesColumns()}
    from recurring_tasks
    where id = ${id} and user_id = ${userId} and deleted_at is null`
  if (!row) throw noSuchSeries()
  return toRecurringTask(row)
}

export const noSuchSeries = (): Problem =>
  new Problem('not_found', 'There is no such recurring task, or it is not yours.')

/** A series with where it stands, the present instant and its owner's clock. */
export type LockedSeries = SeriesRow &
  Schedule &
  UserPresent & { ended_at: string | null; exceptions: string[]; closed_count: number }

/**
 * What a schedule is computed from, beside the rule: the present instant, the owner's clock, and the keys beyond what is
 * settled that are dealt with already.
 */
export const standingColumns = (): Fragment => sql`
  settled_through, next_occurrence, next_created_at, ended_at, clock_now() as now,
  array(
    select occurrence
    from (
      select occurrence
      from virtual_occurrences as beyond
      where beyond.recurring_task_id = recurring_tasks.id and beyond.occurrence > ${settled()}
      union all
      select occurrence
      from tasks as beyond
      where beyond.recurring_task_id = recurring_tasks.id and beyond.occurrence > ${settled()}
        and beyond.status <> 'cancelled' and (beyond.status <> 'open' or beyond.deleted_at is not null)
    ) as dealt_with
    order by occurrence desc
    limit 1000
  ) as exceptions,
  case when mode = 'completion' and recurrence_rule is not null then (
    select count(*)
    from tasks as closed
    where closed.recurring_task_id = recurring_tasks.id and closed.status in ('done', 'skipped', 'missed')
  ) else 0 end as closed_count,
  coalesce(
    (select time_zone from preferences where preferences.user_id = recurring_tasks.user_id), 'UTC') as time_zone,
  coalesce(
    (select day_start from preferences where preferences.user_id = recurring_tasks.user_id), '00:00')::text as day_start,
  coalesce(
    (select reminder_time from preferences where preferences.user_id = recurring_tasks.user_id),
    '09:00')::text as reminder_time`

/** By completion nothing is: what is done on a day before its own may be followed by one that was done before. */
const settled = (): Fragment => sql`case mode when 'completion' then '' else settled_through end`

/** The present instant and how a user reads dates. */
export type UserPresent = { now: string; time_zone: string; day_start: string; reminder_time: string }

export async function userPresent(userId: string): Promise<UserPresent> {
  const [row] = await sql<[UserPresent]>`
    select
      clock_now() as now,
      coalesce(max(time_zone), 'UTC') as time_zone,
      coalesce(max(day_start), '00:00')::text as day_start,
      coalesce(max(reminder_time), '09:00')::text as reminder_time
    from preferences
    where user_id = ${userId}`
  return row
}

/**
 * The caller's series, locked until the commit: the scan, other commands and the making of tasks wait. Whoever needs tasks too
 * takes them after it. Undefined when there is none. Read in a statement of its own, which sees what was committed while the
 * lock was waited for: the statement that waits would see of other rows only what was there before.
 */
export async function lockSeries(userId: string, id: string): Promise<LockedSeries | undefined> {
  await sql`select from recurring_tasks where id = ${id} and user_id = ${userId} for update`
  return readStanding(userId, id)
}

/** The same without the lock, for who only looks. */
export async function readStanding(userId: string, id: string): Promise<LockedSeries | undefined> {
  const [row] = await sql<LockedSeries[]>`
    select ${seriesColumns()}, ${standingColumns()}
    from recurring_tasks
    where id = ${id} and user_id = ${userId} and deleted_at is null`
  return row
}

/** The same for the engine. */
export const standingOf = (row: LockedSeries): Standing => ({
  series: seriesOf(row, row.exceptions),
  mode: row.mode,
  catch_up: row.catch_up,
  settled_through: row.settled_through,
  time_zone: row.time_zone,
  day_start: row.day_start,
  closed_count: row.closed_count,
})

/** Writes where a series stands. When its rule has nothing more it has ended; one that had ended and goes on is active again. */
export const writeSchedule = async (id: string, schedule: Schedule, isEnded: boolean): Promise<void> => {
  await sql`
    update recurring_tasks
    set
      settled_through = ${schedule.settled_through},
      next_occurrence = ${schedule.next_occurrence},
      next_due_at = ${schedule.next_due_at},
      next_created_at = ${schedule.next_created_at},
      is_active = (is_active or ended_at is not null) and not ${isEnded},
      ended_at = case when ${isEnded} then coalesce(ended_at, clock_now()) end
    where id = ${id}`
  wakeAfterwards(['recurrence-scan'])
}

/** Has the next round of the scan compute again where the series of a user stand whose zone has changed. */
export const recomputeSeries = async (userId: string): Promise<void> => {
  await sql`
    update recurring_tasks
    set next_created_at = clock_now()
    where user_id = ${userId} and is_active and deleted_at is null and next_created_at is not null`
  wakeAfterwards(['recurrence-scan'])
}
