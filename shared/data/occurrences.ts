/**
 * The tasks of a series: making, closing and taking back. All of it belongs into a transaction that holds the lock of the
 * series (`lockSeries`), so that of two commands, or of a command and the scan, the second sees what the first has done.
 */
import type { NextTask, Task } from '../contract/task.ts'
import { formatDue, type Due } from '../recurrence/due.ts'
import type { Occurrence } from '../recurrence/expand.ts'
import { context } from '../runtime/context.ts'
import { planWith } from './due.ts'
import { occurrenceId } from './identity.ts'
import { emit } from './outbox.ts'
import { standingOf, type LockedSeries } from './series.ts'
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
 * also when its owner has deleted it, and nothing is answered; one that was cancelled is opened again, whether or not it was
 * tidied away since.
 */
export async function makeOccurrence(series: LockedSeries, making: Making): Promise<NextTask | undefined> {
  const { key, due, number = null, missed_count = 0, overdue_since = null, spawned_by = null } = making
  const plan = planWith(series, formatDue(due), series.reminders)
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
        status = 'open', overrides = '{}', closed_at = null, closed_by = null, closed_with = null,
        deleted_at = null, version = tasks.version + 1, updated_at = clock_now()
      where tasks.status = 'cancelled'
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

/** Of how many it is one, of a rule with COUNT. */
export const countOf = (series: LockedSeries): number | null => standingOf(series).series.rule?.count ?? null

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

/** Records occurrences that are no tasks, or cancelled ones, as missed or skipped; other tasks are left alone. */
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
      where tasks.recurring_task_id = ${series.id} and tasks.occurrence = found.occurrence and tasks.status <> 'cancelled'
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
> & { occurrence: string; planned_reminders: number }

/**
 * A series, its open tasks, and the key of the last occurrence that is closed or deleted: what a change of it is planned from.
 * What was closed ahead of others does not count, by the plan.
 */
export async function readBefore(row: LockedSeries) {
  const [closed] = await sql<[{ last: string | null }]>`
    select greatest(
      (
        select max(occurrence)
        from tasks
        where recurring_task_id = ${row.id} and status <> 'cancelled' and (status <> 'open' or deleted_at is not null)
          and (${row.mode === 'completion'} or occurrence <= ${row.settled_through})
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

/** Whether an open task of a series is due by now. One whose due date was taken away never is. */
export const isOverdue = ({ now }: Pick<LockedSeries, 'now'>, { due_at }: Pick<OpenTask, 'due_at'>) =>
  due_at !== null && Temporal.Instant.compare(due_at, now) <= 0
