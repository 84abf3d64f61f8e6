/** The transactional outbox: a write and its event commit in one statement. */
import type { Fragment } from 'postgres'
import { events, type EventName } from '../contract/events.ts'
import { context } from '../runtime/context.ts'
import { sql } from './sql.ts'

/**
 * The common table expressions that record an event of every row of `source` and queue it for the relay. They go into
 * the statement that makes the change:
 *
 *     with task as (insert into tasks ... returning tasks.*), ${emit('task.created', 'task')} select ... from task
 *
 * `source` names an earlier expression with the columns of the table it writes (`tasks`, or `recurring_tasks` for events
 * of a series). `extra` is a jsonb expression over `source` that is added to the data.
 */
export function emit(name: EventName, source: string, extra: Fragment = sql`'{}'::jsonb`): Fragment {
  const { topic } = events[name]
  const { cause = {}, traceparent = null } = context() ?? {}
  const ofSeries = name.startsWith('recurring-task.')
  const label = name.replaceAll(/\W/g, '_')
  const logged = sql(`event_${label}`)
  const log = sql`
    ${logged} as (
      insert into task_event_log (task_id, recurring_task_id, user_id, event_type, topic, event_data, cause, traceparent)
      select
        ${ofSeries ? sql`null, ${sql(`${source}.id`)}` : sql`${sql(`${source}.id`)}, ${sql(`${source}.recurring_task_id`)}`},
        ${sql(`${source}.user_id`)}, ${name}, ${topic}::text,
        ${ofSeries ? seriesData(source) : taskData(source)} || ${extra},
        ${sql.json(cause)}, ${traceparent}::text
      from ${sql(source)}
      returning id, created_at, coalesce(task_id, recurring_task_id) as partition_key
    )`
  if (topic === null) return log
  const after = context()?.after
  if (after) after.wake = true
  return sql`${log},
    ${sql(`queued_${label}`)} as (
      insert into outbox (event_id, event_time, topic, partition_key)
      select id, created_at, ${topic}::text, partition_key from ${logged}
    )`
}

/** `TaskData` of the contract. */
const taskData = (task: string): Fragment => sql`
  jsonb_build_object(
    'task_id', ${sql(`${task}.id`)},
    'user_id', ${sql(`${task}.user_id`)},
    'title', ${sql(`${task}.title`)},
    'status', ${sql(`${task}.status`)},
    'priority', ${sql(`${task}.priority`)},
    'tags', ${sql(`${task}.tags`)},
    'due_date', ${sql(`${task}.due_date`)},
    'due_at', ${sql(`${task}.due_at`)},
    'recurring_task_id', ${sql(`${task}.recurring_task_id`)},
    'occurrence', ${sql(`${task}.occurrence`)},
    'completed_at', ${sql(`${task}.completed_at`)},
    'version', ${sql(`${task}.version`)},
    'timestamp', clock_now())`

/** `RecurringTaskData` of the contract. */
const seriesData = (series: string): Fragment => sql`
  jsonb_build_object(
    'recurring_task_id', ${sql(`${series}.id`)},
    'user_id', ${sql(`${series}.user_id`)},
    'title', ${sql(`${series}.title`)},
    'next_due_at', ${sql(`${series}.next_due_at`)},
    'is_active', ${sql(`${series}.is_active`)},
    'version', ${sql(`${series}.version`)},
    'timestamp', clock_now())`
