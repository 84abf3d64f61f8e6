/** From a due date as the user wrote it to the instants that the scans work with. */
import { dueAt, parseDue, type Due } from '../recurrence/due.ts'
import { onTime, planReminders, type Clock, type PlannedReminder } from '../recurrence/reminder.ts'
import { sql } from './sql.ts'

/** When the task is overdue and when it is to be reminded of: nulls and none without a due date. */
export type DuePlan = { due_date: string | null; due_at: string | null; planned: PlannedReminder[] }

/** Of a task without a due date. */
export const undated: DuePlan = { due_date: null, due_at: null, planned: [] }

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

/** Whether it takes the user's clock to say when that is, as for local forms and reminders by days. */
export const needsClock = (dueDate: string | null | undefined, reminders: readonly string[]): boolean =>
  dueDate != null && isByClock(parseDue(dueDate), reminders)

const isByClock = ({ kind }: Due, reminders: readonly string[]): boolean =>
  kind === 'date' || kind === 'floating' || reminders.some((text) => text !== onTime)

/**
 * Until the transaction ends nobody changes the user's clock; a change that is being written is waited for. For what is added by
 * the clock: a change moves what is there already, and would pass it over.
 */
export const holdClock = (userId: string) => sql`select 1 from users where id = ${userId} for share`

/** Plans a due date. The user's clock is read only where it is needed. */
export async function planDue(
  userId: string,
  dueDate: string | null | undefined,
  reminders: readonly string[] = [onTime],
): Promise<DuePlan> {
  if (dueDate == null) return undated
  const due = parseDue(dueDate)
  const clock = isByClock(due, reminders) ? await userClock(userId) : unsetClock
  return planOf(clock, due, dueDate, reminders)
}

/** The same with a clock at hand. */
export const planWith = (clock: Clock, dueDate: string | null, reminders: readonly string[]): DuePlan =>
  dueDate === null ? undated : planOf(clock, parseDue(dueDate), dueDate, reminders)

const planOf = (clock: Clock, due: Due, dueDate: string, reminders: readonly string[]): DuePlan => ({
  due_date: dueDate,
  due_at: dueAt(due, clock.time_zone).toString(),
  planned: planReminders(due, clock, reminders),
})
