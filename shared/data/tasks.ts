/** What every statement about tasks has in common. */
import type { Fragment } from 'postgres'
import { sql } from './sql.ts'

/** The columns of a `Task` of the contract, in its order; usable wherever one table or expression named `task` is read. */
export const taskColumns = (): Fragment => sql`
  id, user_id, title, description, priority, status, tags, due_date, due_at, notified, recurring_task_id, occurrence,
  version, completed_at, created_at, updated_at`

/** The expression that plans a reminder of every row of `task` at `remindAt` (an instant, or null for none). */
export const planReminder = (remindAt: string | null): Fragment => sql`
  reminder as (
    insert into reminders (task_id, user_id, remind_at)
    select task.id, task.user_id, ${remindAt}::timestamptz
    from task
    where ${remindAt}::timestamptz is not null
  )`

/** The expression that cancels what is still planned for the rows of `task`. */
export const cancelReminders = (): Fragment => sql`
  cancelled as (
    update reminders
    set state = 'cancelled'
    from task
    where reminders.task_id = task.id and reminders.state = 'planned'
  )`
