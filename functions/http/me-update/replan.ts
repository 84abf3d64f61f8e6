/** Moves what is due, or reminded of, by a clock that has changed. */
import { planWith } from '../../../shared/data/due.ts'
import { sql } from '../../../shared/data/sql.ts'
import { parseDue } from '../../../shared/recurrence/due.ts'
import type { Clock } from '../../../shared/recurrence/reminder.ts'

const batchSize = 1_000
const firstId = '00000000-0000-0000-0000-000000000000'

type Local = { id: string; created_at: string; due_date: string; reminders: string[] }

/**
 * Gives the user's open tasks whose due date is a date or a floating time the instants that it means by `clock`, and moves
 * their planned reminders; one that has fired stays fired. Answers how many tasks moved. A task's version stays, too: what
 * the user wrote is unchanged. Belongs into the transaction that changes the clock.
 */
export async function replan(userId: string, clock: Clock): Promise<number> {
  let moved = 0
  let last: Local | undefined
  do {
    const tasks = await nextTasks(userId, last)
    moved += await move(tasks, clock)
    last = tasks.length === batchSize ? tasks.at(-1) : undefined
  } while (last)
  return moved
}

/** In the order of an index. Locked, because the instants hold only for the due dates that were read. */
const nextTasks = (userId: string, last: Local | undefined) => sql<Local[]>`
  select id, created_at, due_date, reminders
  from tasks
  where user_id = ${userId} and deleted_at is null
    and (created_at, id) > (${last?.created_at ?? '-infinity'}::timestamptz, ${last?.id ?? firstId}::uuid)
    and status = 'open' and due_date !~ '(Z|[+-][0-9]{2}:[0-9]{2}|])$'
  order by created_at, id
  limit ${batchSize}
  for no key update`

async function move(tasks: Local[], clock: Clock): Promise<number> {
  const plans = tasks.map(({ id, due_date, reminders }) => ({
    id,
    ...planWith(clock, parseDue(due_date), due_date, reminders),
  }))
  const planned = plans.flatMap(({ id, planned }) => planned.map((reminder) => ({ id, ...reminder })))
  const [row] = await sql<[{ moved: number }]>`
    with plan as (
      select *
      from unnest(
        ${plans.map(({ id }) => id)}::uuid[],
        ${plans.map(({ due_at }) => due_at)}::timestamptz[]
      ) as plan (task_id, due_at)
    ),
    reminder_plan as (
      select *
      from unnest(
        ${planned.map(({ id }) => id)}::uuid[],
        ${planned.map(({ before }) => before)}::text[],
        ${planned.map(({ remind_at }) => remind_at)}::timestamptz[]
      ) as reminder_plan (task_id, before, remind_at)
    ),
    due as (
      update tasks
      set due_at = plan.due_at
      from plan
      where tasks.id = plan.task_id and tasks.due_at <> plan.due_at
      returning plan.task_id
    ),
    reminded as (
      update reminders
      set remind_at = planned.remind_at
      from reminder_plan as planned
      where reminders.task_id = planned.task_id and reminders.before = planned.before and reminders.state = 'planned'
        and reminders.remind_at <> planned.remind_at
      returning planned.task_id
    )
    select count(*) as moved
    from (select task_id from due union select task_id from reminded) as task`
  return row.moved
}
