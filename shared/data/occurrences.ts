/**
 * The tasks of a series: making, closing and taking back. All of it belongs into a transaction that holds the lock of the
 * series (`lockSeries`), so that of two commands, or of a command and the scan, the second sees what the first has done.
 */
import type { NextTask, Task } from '../contract/task.ts'
import { formatDue, type Due } from '../recurrence/due.ts'
import { occurrenceAt, type Occurrence } from '../recurrence/expand.ts'
import { context } from '../runtime/context.ts'
import { planWith } from './due.ts'
import { occurrenceId } from './identity.ts'
import { emit } from './outbox.ts'
import { close, scheduleAfter, type Schedule } from './schedule.ts'
import { standingOf, writeSchedule, type LockedSeries } from './series.ts'
import { sql } from './sql.ts'
import { cancelReminders, insertReminders, taskColumns } from './tasks.ts'

/** How many tasks of a series stay open with `keep_all`. */
export const openMax = 30

type Making = {
  key: string
  due: Due
  number?: number | null | undefined
  missed_count?: number
  overdue_since?: string | null
  spawned_by?: string
}

/**
 * Makes the task of an occurrence from the template of its series, with its reminders. One that was made before is left alone,
 * also when its owner has deleted it, and nothing is answered; one that was cancelled is opened again.
 */
export async function makeOccurrence(series: LockedSeries, making: Making): Promise<NextTask | undefined> {
  const { key, due, number = null, missed_count = 0, overdue_since = null, spawned_by = null } = making
  const plan = planWith(series, due, formatDue(due), series.reminders)
  const [made] = await sql<NextTask[]>`
    with task as (
      insert into tasks (
        id, user_id, title, description, priority, tags, reminders, due_date, due_at, recurring_task_id, occurrence,
        occurrence_number, occurrence_count, missed_count, overdue_since, spawned_by
      )
      values (
        ${occurrenceId(series.id, key)}, ${series.user_id}, ${series.title}, ${series.description}, ${series.priority},
        ${series.tags}, ${series.reminders}, ${plan.due_date}, ${plan.due_at}::timestamptz, ${series.id}, ${key},
        ${number}, ${countOf(series)}, ${missed_count}, ${overdue_since}::timestamptz, ${spawned_by}::uuid
      )
      on conflict (id) do update
      set
        title = excluded.title, description = excluded.description, priority = excluded.priority, tags = excluded.tags,
        reminders = excluded.reminders, due_date = excluded.due_date, due_at = excluded.due_at,
        occurrence_number = excluded.occurrence_number, occurrence_count = excluded.occurrence_count,
        missed_count = excluded.missed_count, overdue_since = excluded.overdue_since, spawned_by = excluded.spawned_by,
        status = 'open', notified = false, overrides = '{}', closed_at = null, closed_by = null, closed_with = null,
        version = tasks.version + 1, updated_at = clock_now()
      where tasks.status = 'cancelled' and tasks.deleted_at is null
      returning ${taskColumns()}
    ),
    created as (select * from task where version = 1),
    restored as (select * from task where version > 1),
    series as (
      update recurring_tasks
      set last_created_at = clock_now()
      from task
      where recurring_tasks.id = task.recurring_task_id
    ),
    forgotten as (
      delete from virtual_occurrences
      using task
      where virtual_occurrences.recurring_task_id = task.recurring_task_id
        and virtual_occurrences.occurrence = task.occurrence
    ),
    ${insertReminders(plan.planned)},
    ${emit('task.created', 'created')},
    ${emit('task.restored', 'restored', sql`'{"was": "cancelled"}'::jsonb`)}
    select id as task_id, occurrence, due_date, due_at
    from task`
  return made
}

const countOf = (series: LockedSeries): number | null => standingOf(series).series.rule?.count ?? null

const closings = {
  done: 'task.completed',
  skipped: 'task.skipped',
  missed: 'task.missed',
  cancelled: 'task.cancelled',
} as const

type Outcome = keyof typeof closings

/** Closes tasks that are not closed so already, cancels their reminders and announces each. `completedAt` is not in the future. */
export function closeTasks(
  ids: readonly string[],
  status: Outcome,
  { completedAt, closedWith }: { completedAt?: string | undefined; closedWith?: string } = {},
): Promise<Task[]> {
  // `least` leaves nulls out.
  return sql<Task[]>`
    with task as (
      update tasks
      set
        status = ${status}, closed_at = clock_now(), closed_by = ${context()?.cause.function ?? null},
        completed_at = case when ${status === 'done'} then least(${completedAt ?? null}::timestamptz, clock_now()) end,
        closed_with = ${closedWith ?? null}::uuid, version = version + 1, updated_at = clock_now()
      where id = any(${ids}::uuid[]) and status <> ${status}
      returning tasks.*
    ),
    ${cancelReminders()},
    ${emit(closings[status], 'task')}
    select ${taskColumns()}
    from task`
}

/** Records occurrences that were never tasks as missed or skipped; those that are tasks are left alone. */
export async function recordVirtual(
  series: Pick<LockedSeries, 'id'>,
  state: 'missed' | 'skipped',
  found: readonly Occurrence[],
): Promise<void> {
  if (found.length === 0) return
  await sql`
    insert into virtual_occurrences
      (recurring_task_id, occurrence, state, due_date, due_at, occurrence_number, closed_by)
    select ${series.id}, found.*, ${context()?.cause.function ?? null}
    from (
      select occurrence, ${state}, due_date, due_at, occurrence_number
      from unnest(
        ${found.map(({ key }) => key)}::text[],
        ${found.map(({ due }) => formatDue(due))}::text[],
        ${found.map(({ at }) => at.toString())}::timestamptz[],
        ${found.map(({ index }) => index ?? null)}::integer[]
      ) as found (occurrence, due_date, due_at, occurrence_number)
    ) as found
    where not exists (
      select from tasks
      where tasks.recurring_task_id = ${series.id} and tasks.occurrence = found.occurrence
    )
    on conflict do nothing`
}

/** An open task of a series, as far as what becomes of it goes. */
export type OpenTask = Pick<
  Task,
  | 'id'
  | 'occurrence'
  | 'due_date'
  | 'due_at'
  | 'title'
  | 'reminders'
  | 'overrides'
  | 'missed_count'
  | 'overdue_since'
> & { occurrence: string; due_date: string; due_at: string; planned_reminders: number }

/** A series, its open tasks, and the key of the last occurrence that is closed: what a change of it is planned from. */
export async function readBefore(row: LockedSeries) {
  const [closed] = await sql<[{ last: string | null }]>`
    select greatest(
      (
        select max(occurrence)
        from tasks
        where recurring_task_id = ${row.id} and status in ('done', 'skipped', 'missed')
      ),
      (
        select max(occurrence)
        from virtual_occurrences
        where recurring_task_id = ${row.id} and occurrence <= ${row.settled_through}
      )
    ) as last`
  return { row, open: await openTasks(row.id), lastClosed: closed.last }
}

/** The open tasks of a series in the order of their keys, locked. */
export const openTasks = (seriesId: string) => sql<OpenTask[]>`
  select
    id, occurrence, due_date, due_at, title, reminders, overrides, missed_count, overdue_since,
    (select count(*) from reminders where task_id = tasks.id and state = 'planned') as planned_reminders
  from tasks
  where recurring_task_id = ${seriesId} and status = 'open' and deleted_at is null
  order by occurrence
  limit 1000
  for no key update`

export type Closed = { task: Task; next: NextTask | null }

/**
 * Closes an open task of a series as done or skipped, and makes the next one at once, unless a later one is open already. When
 * later occurrences have come meanwhile, the current one counts as closed: the task is missed, and the answer is the current.
 */
export async function closeOccurrence(
  series: LockedSeries,
  open: Pick<OpenTask, 'id' | 'occurrence' | 'overrides'>,
  outcome: 'done' | 'skipped',
  completedAt?: string,
): Promise<Closed> {
  const at = earlier(Temporal.Instant.from(series.now), completedAt)
  const isSettled = !series.is_active || open.overrides.includes('due_date')
  const { closed, missed, next } = close(standingOf(series), open.occurrence, isSettled, at)
  const id = closed === open.occurrence ? open.id : await giveWay(series, open, closed, missed)
  const [task] = await closeTasks([id], outcome, { completedAt })
  return { task: task!, next: await makeNext(series, { id, occurrence: closed }, next) }
}

/** Takes an open task that was deleted out of its series, which goes on with the next. */
export async function leaveOut(
  series: LockedSeries,
  deleted: Pick<OpenTask, 'id' | 'occurrence'>,
): Promise<void> {
  const { next } = close(standingOf(series), deleted.occurrence, true, Temporal.Instant.from(series.now))
  await makeNext(series, deleted, next)
}

/**
 * The next task of an active series, made in advance, unless another one is open: of those that keep all, a later one. What is
 * not made now is made when it is due.
 */
async function makeNext(
  series: LockedSeries,
  { id, occurrence }: Pick<OpenTask, 'id' | 'occurrence'>,
  next: Occurrence | undefined,
): Promise<NextTask | null> {
  if (!series.is_active) return null
  const others = await openTasks(series.id)
  const later = others.some((open) => series.catch_up !== 'keep_all' || open.occurrence > occurrence)
  const made =
    later || !next
      ? undefined
      : await makeOccurrence(series, { ...pick(next), ...numberOf(series, next), spawned_by: id })
  await goOn(series, made ? [occurrence, made.occurrence] : [occurrence], !later && !next)
  return made ?? null
}

/** Of a rule with COUNT: by the plan the rule knows, by completion it is the one after those that are closed. */
function numberOf(series: LockedSeries, { index }: Occurrence): { number?: number | undefined } {
  if (series.mode === 'schedule') return { number: index }
  return countOf(series) === null ? {} : { number: series.closed_count + 2 }
}

const earlier = (now: Temporal.Instant, at: string | undefined): Temporal.Instant =>
  at !== undefined && Temporal.Instant.compare(at, now) < 0 ? Temporal.Instant.from(at) : now

const pick = ({ key, due }: Occurrence) => ({ key, due })

/** The task and those after it, up to the current occurrence, are missed; answers the task of the current one. */
async function giveWay(
  series: LockedSeries,
  open: Pick<OpenTask, 'id' | 'occurrence'>,
  current: string,
  missed: Occurrence[],
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

/**
 * Takes back what closing a task has set going, now that it is open again: the task that was made by it is cancelled, unless
 * somebody has touched it or was told of it. Answers whether it was.
 */
export async function retractNext(series: LockedSeries, taskId: string): Promise<boolean> {
  const [next] = await sql<{ id: string; occurrence: string }[]>`
    select id, occurrence
    from tasks
    where recurring_task_id = ${series.id} and spawned_by = ${taskId} and status = 'open' and deleted_at is null
      and overrides = '{}' and not notified
    for no key update`
  if (next) await closeTasks([next.id], 'cancelled')
  const reopened = await sql<{ occurrence: string }[]>`select occurrence from tasks where id = ${taskId}`
  const settled =
    next?.occurrence === series.settled_through ? reopened[0]!.occurrence : series.settled_through
  const schedule = scheduleAfter(standingOf(series), settled)
  if (next || series.ended_at) await writeSchedule(series.id, schedule, !mayGoOn(series, schedule))
  return next !== undefined
}

/** By completion an open task goes on; by the plan the rule says it. */
const mayGoOn = ({ mode }: LockedSeries, { next_occurrence }: Schedule) =>
  mode === 'completion' || next_occurrence !== null

/** Settles the series through the last of the keys. `isEnded`: by completion nothing more comes. */
async function goOn(series: LockedSeries, keys: string[], isEnded: boolean): Promise<void> {
  const { mode } = series
  if (mode === 'completion') {
    await writeSchedule(series.id, { ...scheduleAfter(standingOf(series), series.settled_through) }, isEnded)
    return
  }
  const settled = [series.settled_through, ...keys].toSorted().at(-1)!
  const schedule = scheduleAfter(standingOf(series), settled)
  await writeSchedule(series.id, schedule, schedule.next_occurrence === null)
}
