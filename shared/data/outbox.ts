/** The transactional outbox: a write and its event commit in one statement. */
import type { Fragment } from 'postgres'
import { events, type EventName } from '../contract/events.ts'
import { context } from '../runtime/context.ts'
import { wakeAfterwards, type Sleeper } from './signal.ts'
import { sql } from './sql.ts'

/** Why each row of the source is written, and its `traceparent`: expressions over the source. */
export type Origin = { cause: Fragment; traceparent: Fragment }

/**
 * The common table expressions that record an event of every row of `source` and queue it for the relay. They go into
 * the statement that makes the change:
 *
 *     with task as (insert into tasks ... returning ...), ${emit('task.created', 'task')} select ... from task
 *
 * `source` names an earlier expression with the columns of the table it writes (`tasks`, or `recurring_tasks` for events
 * of a series). `extra` is a jsonb expression over `source` that is added to the data.
 * Cause and trace are those of the unit of work; where it handles many events at once, `origin` adds each one's own.
 */
export function emit(name: EventName, source: string, extra?: Fragment, origin?: Origin): Fragment {
  const { cause = {}, traceparent = null } = context() ?? {}
  const { head, tail, sleepers } = (fixed[`${name} ${source}`] ??= fixedOf(name, source))
  wakeAfterwards(sleepers)
  // Each fragment costs, and most writes have none of their own.
  if (!extra && !origin)
    return sql`${sql.unsafe(head)}, ${sql.json(cause)}::jsonb, ${traceparent}::text ${sql.unsafe(tail)}`
  return sql`
    ${sql.unsafe(head)} ${extra ? sql`|| ${extra}` : sql``},
    ${sql.json(cause)}::jsonb ${origin ? sql`|| ${origin.cause}` : sql``},
    ${origin ? sql`coalesce(${origin.traceparent}, ${traceparent}::text)` : sql`${traceparent}::text`}
    ${sql.unsafe(tail)}`
}

/** Who has to know: the relay of what is published, and the scan whose plan it changes. */
function concerned(name: EventName): Sleeper[] {
  const relay: Sleeper[] = events[name].topic === null ? [] : ['outbox-relay']
  const scan = scanOf[name]
  return scan ? [...relay, scan] : relay
}

const scanOf: Partial<Record<EventName, Sleeper>> = {
  'task.created': 'due-scan',
  'task.updated': 'due-scan',
  'task.moved': 'due-scan',
  'task.reopened': 'due-scan',
  'task.restored': 'due-scan',
  'recurring-task.created': 'recurrence-scan',
  'recurring-task.updated': 'recurrence-scan',
}

/** What never changes of the expressions is put together once: a write is on the hot path. */
type Fixed = { head: string; tail: string; sleepers: Sleeper[] }
const fixed: Record<string, Fixed> = {}

function fixedOf(name: EventName, source: string): Fixed {
  const { topic } = events[name]
  const label = name.replaceAll(/\W/g, '_')
  const ofSeries = name.startsWith('recurring-task.')
  const head = `
    event_${label} as (
      insert into task_event_log
        (task_id, recurring_task_id, user_id, event_type, topic, event_data, cause, traceparent)
      select
        ${ofSeries ? `null::uuid, ${source}.id` : `${source}.id, ${source}.recurring_task_id`},
        ${source}.user_id, '${name}', ${topic === null ? 'null' : `'${topic}'`},
        ${dataOf(name, source)}`
  const tail = `
      from ${source}
      returning id, created_at, coalesce(task_id, recurring_task_id) as partition_key
    )`
  const queued = `,
    queued_${label} as (
      insert into outbox (event_id, event_time, topic, partition_key)
      select id, created_at, '${topic}', partition_key from event_${label}
    )`
  return { head, tail: topic === null ? tail : tail + queued, sleepers: concerned(name) }
}

function dataOf(name: EventName, source: string): string {
  if (name.startsWith('recurring-task.')) return seriesData(source)
  return name === 'notification.email' ? noticeData(source) : taskData(source)
}

/** `NotificationEmailData` of the contract, but for the delivery. */
const noticeData = (task: string): string => `
  jsonb_build_object('task_id', ${task}.id, 'user_id', ${task}.user_id, 'timestamp', clock_now())`

/** `TaskData` of the contract. */
const taskData = (task: string): string => `
  jsonb_build_object(
    'task_id', ${task}.id,
    'user_id', ${task}.user_id,
    'title', ${task}.title,
    'status', ${task}.status,
    'priority', ${task}.priority,
    'tags', ${task}.tags,
    'due_date', ${task}.due_date,
    'due_at', ${task}.due_at,
    'recurring_task_id', ${task}.recurring_task_id,
    'occurrence', ${task}.occurrence,
    'completed_at', ${task}.completed_at,
    'version', ${task}.version,
    'timestamp', clock_now())`

/** `RecurringTaskData` of the contract. */
const seriesData = (series: string): string => `
  jsonb_build_object(
    'recurring_task_id', ${series}.id,
    'user_id', ${series}.user_id,
    'title', ${series}.title,
    'next_due_at', ${series}.next_due_at,
    'is_active', ${series}.is_active,
    'version', ${series}.version,
    'timestamp', clock_now())`
