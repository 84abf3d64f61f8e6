/** What every statement about tasks has in common. */
import type { Fragment } from 'postgres'
import { sql } from './sql.ts'

/** The columns of a `Task` of the contract, in its order; usable wherever one table or expression named `task` is read. */
export const taskColumns = (): Fragment => sql`
  id, user_id, title, description, priority, status, tags, due_date, due_at, notified, recurring_task_id, occurrence,
  version, completed_at, created_at, updated_at`

/**
 * The expression `found`: the caller's task as it is now, locked until the commit. With `for update` it would deadlock with
 * the due scan, which holds the reminder and needs the task's key for the event; nobody changes keys here.
 */
export const findTask = (userId: string, taskId: string): Fragment => sql`
  found as (
    select *
    from tasks
    where id = ${taskId} and user_id = ${userId} and deleted_at is null
    for no key update
  )`

/** The condition that `found` is the version that the caller saw; see `expectedVersion`. */
export const isVersion = (version: number | null): Fragment =>
  sql`(${version}::integer is null or found.version = ${version})`

/** What a write answers: the row of `task` that it changed or else the one that it found, each with the version it found. */
export const taskOrFound = (): Fragment => sql`
  select ${taskColumns()}, version - 1 as seen_version from task
  union all
  select ${taskColumns()}, version from found where not exists (select from task)`

/** The expression that plans a reminder of every row of `task` at `remindAt` (an instant, or null for none). */
export const planReminder = (remindAt: string | null, task = 'task'): Fragment => sql`
  reminder as (
    insert into reminders (task_id, user_id, remind_at)
    select id, user_id, ${remindAt}::timestamptz
    from ${sql(task)}
    where ${remindAt}::timestamptz is not null
  )`

/** The expression that cancels what is still planned for the rows of `task`. */
export const cancelReminders = (task = 'task'): Fragment => sql`
  cancelled as (
    update reminders
    set state = 'cancelled'
    from ${sql(task)} as task
    where reminders.task_id = task.id and reminders.state = 'planned'
  )`
