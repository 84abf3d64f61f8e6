/** Opening a closed task again. */
import { Problem } from '../contract/problem.ts'
import type { Task } from '../contract/task.ts'
import { versionMismatch } from '../http/etag.ts'
import { planDue } from './due.ts'
import { closeTasks } from './occurrences.ts'
import { emit } from './outbox.ts'
import { dayBefore, scheduleAfter, type Schedule } from './schedule.ts'
import { lockSeries, standingOf, writeSchedule, type LockedSeries } from './series.ts'
import { sql } from './sql.ts'
import { insertReminders, isNotified, lockTask, noSuchTask, seriesIdOf, taskColumns } from './tasks.ts'

/**
 * Opens a task that is done, skipped or missed, plans the reminders that are still to come, and takes back what its closing
 * made. An open task stays as it is. In a transaction: zone or rules may have changed since it was closed.
 */
export async function reopenTask(userId: string, taskId: string, version: number | null): Promise<Task> {
  const seriesId = await seriesIdOf(userId, taskId)
  const series = seriesId === null ? undefined : await lockSeries(userId, seriesId)
  const found = await lockTask(userId, taskId)
  if (!found) throw noSuchTask()
  if (version !== null && found.version !== version) throw versionMismatch()
  const { closed_with: _, ...task } = found
  if (task.status === 'open') return task
  if (task.status === 'cancelled')
    throw new Problem('conflict', 'Its series was changed and does not have it any more.')
  const reopened = await open(task)
  if (series && task.status !== 'missed') await retractNext(series, taskId)
  return reopened
}

/** Takes a deletion back, once: the task is as it was, with the reminders that are still to come. */
export async function restoreTask(userId: string, taskId: string): Promise<Task> {
  const seriesId = await seriesIdOf(userId, taskId)
  const series = seriesId === null ? undefined : await lockSeries(userId, seriesId)
  const [back] = await sql`
    update tasks
    set deleted_at = null
    where id = ${taskId} and user_id = ${userId} and deleted_at is not null
    returning id`
  if (!back) throw new Problem('conflict', 'Its deletion is taken back already.')
  const { closed_with: _, ...found } = (await lockTask(userId, taskId))!
  const restored = await open({ ...found, was: 'deleted' })
  if (series && restored.status === 'open') await retractNext(series, taskId)
  return restored
}

type Closed = Task & { was?: 'deleted' }

/** A deleted task keeps its state; every other is open again. */
async function open(found: Closed): Promise<Task> {
  const due = await planDue(found.user_id, found.due_date, found.reminders)
  const wasDone = found.status === 'done' && found.was === undefined
  const extra = wasDone
    ? sql`jsonb_build_object('was_completed_at', ${found.completed_at}::timestamptz)`
    : sql`jsonb_build_object('was', ${found.was ?? found.status}::text)`
  const [task] = await sql<[Task]>`
    with task as (
      update tasks
      set
        ${found.was === 'deleted' ? sql`` : sql`status = 'open', completed_at = null, closed_at = null, closed_by = null, closed_with = null,`}
        due_at = ${due.due_at}::timestamptz, version = version + 1, updated_at = clock_now()
      where id = ${found.id}
      returning *
    ),
    to_remind as (
      select id, user_id
      from task
      where status = 'open' and due_at > clock_now()
    ),
    ${insertReminders(due.planned, 'to_remind')},
    ${emit(wasDone ? 'task.reopened' : 'task.restored', 'task', extra)}
    select ${taskColumns()}
    from task`
  return task
}

/**
 * Takes back what closing a task has set going, now that it is open again: the task that was made by it is cancelled, unless
 * somebody has touched it or was told of it, or it is due and a later one has come since.
 */
async function retractNext(series: LockedSeries, taskId: string): Promise<void> {
  const [next] = await sql<{ id: string; occurrence: string }[]>`
    select id, occurrence
    from tasks
    where recurring_task_id = ${series.id} and spawned_by = ${taskId} and status = 'open' and deleted_at is null
      and overrides = '{}' and not ${isNotified()}
      and (${series.mode === 'completion'} or occurrence = ${series.settled_through} or due_at > clock_now())
    for no key update`
  if (next) await closeTasks([next.id], 'cancelled')
  if (next) await settleBefore(series, next.occurrence)
  if (!next && !series.ended_at) return
  const now = (await lockSeries(series.user_id, series.id))!
  const schedule = scheduleAfter(standingOf(now), now.settled_through)
  await writeSchedule(series.id, schedule, !mayGoOn(series, schedule))
}

/** Takes a series back to the last occurrence that is known before this one. */
const settleBefore = ({ id, mode }: LockedSeries, key: string) => sql`
  update recurring_tasks
  set settled_through = coalesce((
    select max(occurrence)
    from (
      select occurrence from tasks where recurring_task_id = ${id} and status <> 'cancelled'
      union all
      select occurrence from virtual_occurrences where recurring_task_id = ${id}
    ) as known
    where occurrence < ${key}
  ), ${dayBefore(key)})
  where id = ${id} and ${mode === 'schedule'} and settled_through >= ${key}`

/** By completion an open task goes on; by the plan the rule says it. */
const mayGoOn = ({ mode }: LockedSeries, { next_occurrence }: Schedule) =>
  mode === 'completion' || next_occurrence !== null
