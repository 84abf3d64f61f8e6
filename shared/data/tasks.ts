/** What every statement about tasks has in common. */
import type { Fragment } from 'postgres'
import { Problem } from '../contract/problem.ts'
import type { Task } from '../contract/task.ts'
import type { PlannedReminder } from '../recurrence/reminder.ts'
import { sql } from './sql.ts'

/**
 * Whether somebody was told of the due date that a task has now; usable wherever one table or expression of tasks is read. Its
 * notifications say it: a mark of its own would be one more write to each task that falls due.
 */
export const isNotified = (): Fragment => sql`
  exists (
    select
    from (select task_id as told_task, due_date as told_date from notifications) as told
    where told_task = id and told_date is not distinct from due_date
  )`

/** The columns of a `Task` of the contract, in its order; usable wherever one table or expression of tasks is read. */
export const taskColumns = (): Fragment => sql`
  id, user_id, title, description, priority, status, tags, due_date, due_at, reminders, ${isNotified()} as notified,
  recurring_task_id, occurrence, occurrence_number, occurrence_count, missed_count, overdue_since, overrides, version,
  completed_at, closed_at, closed_by, created_at, updated_at`

/**
 * The expression `found`: the caller's task as it is now, if `condition` holds, locked until the commit. With `for update` it
 * would deadlock with the due scan, which holds the reminder and needs the task's key for the event; nobody changes keys here.
 */
export const findTask = (userId: string, taskId: string, condition = sql`true`): Fragment => sql`
  found as (
    select *
    from tasks
    where id = ${taskId} and user_id = ${userId} and deleted_at is null and ${condition}
    for no key update
  )`

/** A task, locked until the commit, with what only we need to know of it. */
export type LockedTask = Task & { closed_with: string | null }

/** The caller's task, or undefined. The lock of its series, if it has one, is taken before. */
export async function lockTask(userId: string, taskId: string): Promise<LockedTask | undefined> {
  const [task] = await sql<LockedTask[]>`
    with ${findTask(userId, taskId)}
    select ${taskColumns()}, closed_with
    from found`
  return task
}

/** The series of the caller's task. A task never changes its series. */
export async function seriesIdOf(userId: string, taskId: string): Promise<string | null> {
  const [task] = await sql<{ recurring_task_id: string | null }[]>`
    select recurring_task_id
    from tasks
    where id = ${taskId} and user_id = ${userId}`
  return task?.recurring_task_id ?? null
}

export const noSuchTask = (): Problem =>
  new Problem('not_found', 'There is no such task, or it is not yours.')

/** The condition that `found` is the version that the caller saw; see `expectedVersion`. */
export const isVersion = (version: number | null): Fragment =>
  sql`(${version}::integer is null or found.version = ${version})`

/** What a write answers: the row of `task` that it changed or else the one that it found, each with the version it found. */
export const taskOrFound = (): Fragment => sql`
  select ${taskColumns()}, version - 1 as seen_version from task
  union all
  select ${taskColumns()}, version from found where not exists (select from task)`

/**
 * The expression that plans reminders of every row of `task`. One whose instant has passed comes too late to be of use, unless
 * it is the last one: late is better than never. One that has come does not come again.
 */
export const insertReminders = (planned: PlannedReminder[], task = 'task'): Fragment =>
  reminderOf(planned, task, hasNotCome())

/** The same for tasks that are new: none of theirs has come, and looking for it would cost as much as all the rest. */
export const insertFirstReminders = (planned: PlannedReminder[]): Fragment =>
  reminderOf(planned, 'task', sql``)

const reminderOf = (planned: PlannedReminder[], task: string, condition: Fragment): Fragment => sql`
  reminder as (
    insert into reminders (task_id, user_id, before, remind_at)
    select task.id, task.user_id, planned.before, planned.remind_at
    from
      ${sql(task)} as task,
      unnest(
        ${planned.map(({ before }) => before)}::text[],
        ${planned.map(({ remind_at }) => remind_at)}::timestamptz[]
      ) as planned (before, remind_at)
    where (planned.remind_at > clock_now() or planned.remind_at = ${planned.at(-1)?.remind_at ?? null}::timestamptz)
      ${condition}
  )`

/** `offset` has it looked up one by one: joined, Postgres would read the reminders of everybody. */
const hasNotCome = (): Fragment => sql`
  and not exists (
    select from reminders as come
    where come.task_id = task.id and come.remind_at = planned.remind_at and come.state = 'fired'
    offset 0
  )`

/** The expression that cancels what is still planned for the rows of `task`. */
export const cancelReminders = (task = 'task'): Fragment => sql`
  cancelled as (
    update reminders
    set state = 'cancelled'
    from ${sql(task)} as task
    where reminders.task_id = task.id and reminders.state = 'planned'
  )`
