/** Moves what is due, or reminded of, by a clock that has changed: the zone of its owner, or what is known of zones. */
import type { Fragment } from 'postgres'
import type { Clock } from '../recurrence/reminder.ts'
import { planWith } from './due.ts'
import { emit } from './outbox.ts'
import { sql } from './sql.ts'

const batchSize = 1_000
const firstId = '00000000-0000-0000-0000-000000000000'

type Local = { id: string; created_at: string; due_date: string; reminders: string[] }

/** Dates and floating times are read by their owner's clock, local times in a zone by that zone's. */
export type Forms = 'floating' | 'local'

/**
 * Gives the user's open tasks whose due date is local the instants that it means by `clock`, and moves their planned reminders;
 * one that has fired stays fired. Answers how many tasks moved; the history of each says so. A task's version stays: what the
 * user wrote is unchanged. Belongs into the transaction that changes the clock.
 */
export async function replan(userId: string, clock: Clock, forms: Forms = 'floating'): Promise<number> {
  let moved = 0
  let last: Local | undefined
  do {
    const tasks = await nextTasks(userId, last, forms)
    moved += await move(tasks, clock)
    last = tasks.length === batchSize ? tasks.at(-1) : undefined
  } while (last)
  return moved
}

const isOf = (forms: Forms): Fragment =>
  forms === 'floating'
    ? sql`due_date !~ '(Z|[+-][0-9]{2}:[0-9]{2}|])$'`
    : sql`due_date !~ '(Z|[+-][0-9]{2}:[0-9]{2})$'`

/** In the order of an index. Locked, because the instants hold only for the due dates that were read. */
const nextTasks = (userId: string, last: Local | undefined, forms: Forms) => sql<Local[]>`
  select id, created_at, due_date, reminders
  from tasks
  where user_id = ${userId} and deleted_at is null
    and (created_at, id) > (${last?.created_at ?? '-infinity'}::timestamptz, ${last?.id ?? firstId}::uuid)
    and status = 'open' and ${isOf(forms)}
  order by created_at, id
  limit ${batchSize}
  for no key update`

async function move(tasks: Local[], clock: Clock): Promise<number> {
  const plans = tasks.map(({ id, due_date, reminders }) => ({
    id,
    ...planWith(clock, due_date, reminders),
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
    found as (
      select tasks.id, tasks.due_at, plan.due_at as new_due_at
      from plan
      join tasks on tasks.id = plan.task_id
      where tasks.due_at <> plan.due_at
    ),
    task as (
      update tasks
      set due_at = found.new_due_at
      from found
      where tasks.id = found.id
      returning tasks.*
    ),
    reminded as (
      update reminders
      set remind_at = planned.remind_at
      from reminder_plan as planned
      where reminders.task_id = planned.task_id and reminders.before = planned.before and reminders.state = 'planned'
        and reminders.remind_at <> planned.remind_at
      returning planned.task_id
    ),
    ${emit('task.moved', 'task', changes())}
    select count(*) as moved
    from (select id from task union select task_id from reminded) as moved`
  return row.moved
}

const changes = () => sql`jsonb_build_object('changes', jsonb_build_object('due_at', (
  select jsonb_build_array(rfc3339(due_at), rfc3339(new_due_at)) from found where found.id = task.id)))`
