/** From a due date as the user wrote it to the instants that the scans work with. */
import { dueAt, parseDue } from '../recurrence/due.ts'
import { onTime, planReminders, type Clock, type PlannedReminder } from '../recurrence/reminder.ts'
import { sql } from './sql.ts'

/** When the task is overdue and when it is to be reminded of: nulls and none without a due date. */
export type DuePlan = { due_date: string | null; due_at: string | null; planned: PlannedReminder[] }

const undated: DuePlan = { due_date: null, due_at: null, planned: [] }

/** Of a user who has set nothing: as the columns of `preferences` have it. */
const unsetClock: Clock = { time_zone: 'UTC', reminder_time: '09:00:00' }

/** The user's zone and default reminder time (`HH:MM:SS`). */
async function userClock(userId: string): Promise<Clock> {
  const [row] = await sql<Clock[]>`
    select time_zone, reminder_time::text
    from preferences
    where user_id = ${userId}`
  return row ?? unsetClock
}

/** Plans a due date. Only local forms, and reminders by days, need the user's clock, which is read for them alone. */
export async function planDue(
  userId: string,
  dueDate: string | null | undefined,
  reminders: readonly string[] = [onTime],
): Promise<DuePlan> {
  if (dueDate == null) return undated
  const { kind } = parseDue(dueDate)
  const isLocal = kind === 'date' || kind === 'floating' || reminders.some((text) => text !== onTime)
  return planWith(isLocal ? await userClock(userId) : unsetClock, dueDate, reminders)
}

/** The same with a clock at hand. */
export function planWith(
  clock: Clock,
  dueDate: string | null,
  reminders: readonly string[] = [onTime],
): DuePlan {
  if (dueDate === null) return undated
  const due = parseDue(dueDate)
  return {
    due_date: dueDate,
    due_at: dueAt(due, clock.time_zone).toString(),
    planned: planReminders(due, clock, reminders),
  }
}
