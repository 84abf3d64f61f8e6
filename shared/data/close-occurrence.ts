/** Closing an open task of a series, and what comes after it. Belongs into the transaction that holds the lock of the series. */
import type { NextTask, Task } from '../contract/task.ts'
import { occurrenceAt, type Occurrence } from '../recurrence/expand.ts'
import { occurrenceId } from './identity.ts'
import {
  closeTasks,
  countOf,
  isOverdue,
  makeOccurrence,
  openTasks,
  recordVirtual,
  type OpenTask,
} from './occurrences.ts'
import { close, scheduleAfter, type Closing } from './schedule.ts'
import { standingOf, writeSchedule, type LockedSeries } from './series.ts'
import { sql } from './sql.ts'

export type Closed = { task: Task; next: NextTask | null }

/**
 * Closes an open task of a series as done or skipped, and makes the next one at once, unless a later one is open already. When
 * later occurrences have come meanwhile, the current one counts as closed: the task is missed, and the answer is the current.
 * A current one that is closed already leaves the task to count for itself.
 */
export async function closeOccurrence(
  series: LockedSeries,
  open: Pick<OpenTask, 'id' | 'occurrence' | 'overrides'>,
  outcome: 'done' | 'skipped',
  completedAt?: string,
): Promise<Closed> {
  const at = earlier(Temporal.Instant.from(series.now), completedAt)
  const standing = standingOf(series)
  const isSettled = !series.is_active || open.overrides.includes('due_date')
  const current = close(standing, open.occurrence, isSettled, at)
  const isItself = current.closed === open.occurrence || (await isDealtWith(series.id, current.closed))
  const closing = isItself ? close(standing, open.occurrence, true, at) : current
  const id = isItself ? open.id : await giveWay(series, open, closing)
  const [task] = await closeTasks([id], outcome, { completedAt })
  const made = await makeNext(series, id, closing)
  return { task: task!, next: made ?? (await nextOf(series.id, id)) }
}

/** The open task that was made by the closing of this one. */
export async function nextOf(seriesId: string, taskId: string): Promise<NextTask | null> {
  const [next] = await sql<NextTask[]>`
    select id as task_id, occurrence, due_date, due_at
    from tasks
    where recurring_task_id = ${seriesId} and spawned_by = ${taskId} and status = 'open' and deleted_at is null
      and due_date is not null`
  return next ?? null
}

async function isDealtWith(seriesId: string, key: string): Promise<boolean> {
  const [found] = await sql`
    select
    from tasks
    where recurring_task_id = ${seriesId} and occurrence = ${key} and status <> 'cancelled'
      and (status <> 'open' or deleted_at is not null)
    union all
    select
    from virtual_occurrences
    where recurring_task_id = ${seriesId} and occurrence = ${key}
    limit 1`
  return found !== undefined
}

/** Takes an open task that was deleted out of its series, which goes on with the next. */
export async function leaveOut(
  series: LockedSeries,
  { id, occurrence }: Pick<OpenTask, 'id' | 'occurrence'>,
): Promise<void> {
  const closing = close(standingOf(series), occurrence, true, Temporal.Instant.from(series.now))
  await makeNext(series, id, closing)
}

/**
 * The next task of an active series, made in advance, unless another one is open: where each stays open, a later one or one
 * that is not due yet; or unless another one is announced and about to be made. What is not made now is made when it is due.
 */
async function makeNext(series: LockedSeries, id: string, closing: Closing): Promise<NextTask | null> {
  if (!series.is_active) return null
  const { closed, next } = closing
  const others = await openTasks(series.id)
  const later = others.some(
    (open) => series.catch_up !== 'keep_all' || open.occurrence > closed || !isOverdue(series, open),
  )
  const made =
    later || !next || (await isOnItsWay(series))
      ? undefined
      : await makeOccurrence(series, { ...pick(next), ...numberOf(series, next), spawned_by: id })
  await goOn(series, closing, made, !later && !next)
  return made ?? null
}

/** Of a rule with COUNT: by the plan the rule knows, by completion it is the one after those that are closed. */
function numberOf(series: LockedSeries, { index }: Occurrence): { number?: number | undefined } {
  if (series.mode === 'schedule') return { number: index }
  return countOf(series) === null ? {} : { number: series.closed_count + 2 }
}

/** Whether the last occurrence that is settled was announced, and is neither made nor recorded yet. */
async function isOnItsWay({ id, settled_through }: LockedSeries): Promise<boolean> {
  const [announced] = await sql`
    select
    from task_event_log
    where recurring_task_id = ${id} and event_type = 'recurring-task.due'
      and event_data ->> 'occurrence' = ${settled_through}
      and not exists (select from tasks where recurring_task_id = ${id} and occurrence = ${settled_through})
      and not exists (
        select from virtual_occurrences where recurring_task_id = ${id} and occurrence = ${settled_through}
      )
    limit 1`
  return announced !== undefined
}

const earlier = (now: Temporal.Instant, at: string | undefined): Temporal.Instant =>
  at !== undefined && Temporal.Instant.compare(at, now) < 0 ? Temporal.Instant.from(at) : now

const pick = ({ key, due }: Occurrence) => ({ key, due })

/** The task and those after it, up to the current occurrence, are missed; answers the task of the current one. */
async function giveWay(
  series: LockedSeries,
  open: Pick<OpenTask, 'id' | 'occurrence'>,
  { closed: current, missed }: Closing,
): Promise<string> {
  const id = occurrenceId(series.id, current)
  const between = new Set([open.occurrence, ...missed.map(({ key }) => key)])
  const given = (await openTasks(series.id)).filter(({ occurrence }) => between.has(occurrence))
  await closeTasks(
    given.map((task) => task.id),
    'missed',
    { closedWith: id },
  )
  await recordVirtual(series, 'missed', missed)
  const { series: rule, time_zone } = standingOf(series)
  await makeOccurrence(series, { ...pick(occurrenceAt(rule, current, time_zone)!), spawned_by: open.id })
  return id
}

/** Writes what closing a task has settled, with the next that was made. `isEnded`: by completion nothing more comes. */
async function goOn(
  series: LockedSeries,
  { closed, settled_through }: Closing,
  made: NextTask | undefined,
  isEnded: boolean,
): Promise<void> {
  const standing = standingOf({ ...series, exceptions: [...series.exceptions, closed] })
  const isFurther = series.mode === 'schedule' && made !== undefined && made.occurrence > settled_through
  const schedule = scheduleAfter(standing, isFurther ? made.occurrence : settled_through)
  const isOver = series.mode === 'completion' ? isEnded : schedule.next_occurrence === null
  await writeSchedule(series.id, schedule, isOver)
}
