/** From a due date as the user wrote it to the instants that the scans work with. */
import { dueAt, parseDue, type Due } from '../recurrence/due.ts'
import { sql } from './sql.ts'

/** When the task is overdue and when it is to be reminded of; all null without a due date. */
export type DuePlan = { due_date: string | null; due_at: string | null; remind_at: string | null }

/** How a user reads dates. */
export type Clock = { time_zone: string; reminder_time: string }

/** Of a user who has set nothing: as the columns of `preferences` have it. */
const unsetClock: Clock = { time_zone: 'UTC', reminder_time: '09:00:00' }

/** The user's zone and default reminder time (`HH:MM:SS`). */
export async function userClock(userId: string): Promise<Clock> {
  const [row] = await sql<Clock[]>`
    select time_zone, reminder_time::text
    from preferences
    where user_id = ${userId}`
  return row ?? unsetClock
}

/**
 * Plans a due date. Only local forms need the user's clock, which is read for them alone: the reminder of a date comes at
 * the user's reminder time of that day, of everything else at the due instant.
 */
export async function planDue(userId: string, dueDate: string | null | undefined): Promise<DuePlan> {
  if (dueDate == null) return { due_date: null, due_at: null, remind_at: null }
  const due = parseDue(dueDate)
  const local = due.kind === 'date' || due.kind === 'floating'
  return planWith(local ? await userClock(userId) : unsetClock, due, dueDate)
}

/** The same with a clock at hand. */
export function planWith(clock: Clock, due: Due, dueDate: string): DuePlan {
  const at = dueAt(due, clock.time_zone)
  const reminder =
    due.kind === 'date'
      ? due.date.toZonedDateTime({ timeZone: clock.time_zone, plainTime: clock.reminder_time }).toInstant()
      : at
  return { due_date: dueDate, due_at: at.toString(), remind_at: reminder.toString() }
}
