/** Writes what was planned for a series. */
import { isDeepStrictEqual } from 'node:util'
import { formatDue } from '../recurrence/due.ts'
import { occurrenceAt } from '../recurrence/expand.ts'
import { planWith } from './due.ts'
import { ruleFields, templateFields, type Edit } from './edit.ts'
import { closeTasks, makeOccurrence, type OpenTask } from './occurrences.ts'
import { emit } from './outbox.ts'
import { seriesOf } from './rule.ts'
import { standingOf, type LockedSeries } from './series.ts'
import { sql } from './sql.ts'
import { cancelReminders, insertReminders } from './tasks.ts'

/** Everything of an edit, in the transaction that holds the lock of the series. */
export async function applyEdit(before: LockedSeries, edit: Edit): Promise<void> {
  const { after, kept, cancelled, make } = edit
  await writeSeries(before, after)
  await closeTasks(
    cancelled.map(({ id }) => id),
    'cancelled',
  )
  for (const task of kept) await follow(after, task)
  if (!make) return
  const number = after.mode === 'completion' ? undefined : make.index
  await makeOccurrence(after, { key: make.key, due: make.due, number })
}

const fields = [...templateFields, ...ruleFields, 'mode', 'catch_up', 'is_active'] as const

async function writeSeries(before: LockedSeries, after: LockedSeries): Promise<void> {
  const changed = fields.filter((field) => !isDeepStrictEqual(before[field], after[field]))
  const changes = Object.fromEntries(changed.map((field) => [field, [before[field], after[field]]]))
  await sql`
    with series as (
      update recurring_tasks
      set
        title = ${after.title}, description = ${after.description}, priority = ${after.priority}, tags = ${after.tags},
        reminders = ${after.reminders}, mode = ${after.mode}, catch_up = ${after.catch_up},
        recurrence_type = ${after.recurrence_type}, recurrence_interval = ${after.recurrence_interval},
        recurrence_rule = ${after.recurrence_rule}, start_date = ${after.start_date}, end_date = ${after.end_date},
        timezone = ${after.timezone}, month_end = ${after.month_end},
        is_active = ${after.is_active}, ended_at = ${after.ended_at}::timestamptz,
        settled_through = ${after.settled_through}, next_occurrence = ${after.next_occurrence},
        next_due_at = ${after.next_due_at}::timestamptz, next_created_at = ${after.next_created_at}::timestamptz,
        version = version + 1, updated_at = clock_now()
      where id = ${after.id}
      returning *
    ),
    ${emit('recurring-task.updated', 'series', sql`jsonb_build_object('changes', ${sql.json(changes)}::jsonb)`)}
    select 1`
}

/** An open task takes the fields of its series but for those that were changed by hand. What changes nothing is not written. */
async function follow(after: LockedSeries, task: OpenTask): Promise<void> {
  const { series, time_zone } = standingOf(after)
  const isMoved = task.overrides.includes('due_date')
  const occurrence = isMoved ? undefined : occurrenceAt(seriesOf(after), task.occurrence, time_zone)
  const reminders = task.overrides.includes('reminders') ? task.reminders : after.reminders
  const plan = planWith(after, occurrence ? formatDue(occurrence.due) : task.due_date, reminders)
  const wants = (field: string) => !task.overrides.includes(field)
  await sql`
    with found as (
      select *
      from tasks
      where id = ${task.id}
    ),
    wanted as (
      select
        case when ${wants('title')} then ${after.title} else title end as title,
        case when ${wants('description')} then ${after.description} else description end as description,
        case when ${wants('priority')} then ${after.priority}::smallint else priority end as priority,
        case when ${wants('tags')} then ${after.tags}::text[] else tags end as tags,
        ${reminders}::text[] as reminders, ${plan.due_date}::text as due_date, ${plan.due_at}::timestamptz as due_at,
        ${occurrence?.index ?? null}::integer as occurrence_number, ${series.rule?.count ?? null}::integer as occurrence_count
      from found
    ),
    task as (
      update tasks
      set
        title = wanted.title, description = wanted.description, priority = wanted.priority, tags = wanted.tags,
        reminders = wanted.reminders, due_date = wanted.due_date, due_at = wanted.due_at,
        occurrence_number = coalesce(wanted.occurrence_number, found.occurrence_number),
        occurrence_count = wanted.occurrence_count, version = found.version + 1, updated_at = clock_now()
      from found, wanted
      where tasks.id = found.id
        and (found.title, found.description, found.priority, found.tags, found.reminders, found.due_date, found.due_at)
          is distinct from
          (wanted.title, wanted.description, wanted.priority, wanted.tags, wanted.reminders, wanted.due_date, wanted.due_at)
      returning tasks.*
    ),
    moved as (
      select task.id, task.user_id
      from task, found
      where (task.reminders, task.due_at) is distinct from (found.reminders, found.due_at)
    ),
    ${cancelReminders('moved')},
    ${insertReminders(plan.planned, 'moved')},
    ${emit('task.updated', 'task', followed())}
    select 1`
}

const followed = () => sql`jsonb_build_object('changes', (
  select jsonb_object_agg(field, jsonb_build_array(before -> field, now -> field))
  from
    found,
    to_jsonb(found) as before,
    to_jsonb(task) as now,
    unnest(array['title', 'description', 'priority', 'tags', 'reminders', 'due_date', 'due_at']) as field
  where before -> field is distinct from now -> field))`
