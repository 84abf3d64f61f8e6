/** From reminders that have come to notifications, many at a time. */
import type { Fragment } from 'postgres'
import * as v from 'valibot'
import { TaskDueSoonData } from '../../../shared/contract/events.ts'
import { lateAfterSeconds } from '../../../shared/contract/notification.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import type { CloudEvent } from '../../../shared/dapr/event.ts'
import { childTrace } from '../../../shared/runtime/trace.ts'

/** Of the event, what is asked: everything else is read as it is now. */
export const Due = v.pick(TaskDueSoonData, ['reminder_id'])
type DueSoon = CloudEvent<v.InferOutput<typeof Due>>

/** A delivery of fewer events is one statement. */
const partMin = 50

/**
 * Plans the notifications of all `events`, in two statements at a time: the sidecar hands over one delivery after another, so
 * one at a time would leave Postgres one processor of all that it has.
 */
export async function planNotifications(events: DueSoon[]): Promise<void> {
  const size = Math.max(partMin, Math.ceil(events.length / 2))
  const parts = [events.slice(0, size), events.slice(size)]
  await Promise.all(parts.filter(({ length }) => length > 0).map(planPart))
}

/**
 * Receipt, notification, deliveries and the events of the mails commit together, so an event that comes again does nothing. A
 * task that is done or gone by now, or a reminder that was cancelled, leaves deliveries that say so. Rows are taken in the order
 * of their ids, so that parts and batches wait for each other instead of deadlocking.
 */
async function planPart(events: DueSoon[]): Promise<void> {
  await sql`
    with ${receipts(events)},
    due as (
      select
        tasks.id, tasks.user_id, tasks.recurring_task_id, tasks.title, tasks.due_date, tasks.due_at,
        reminder.id as reminder_id, reminder.remind_at, arrived.event_id, arrived.traceparent,
        case
          when tasks.deleted_at is not null then 'The task was deleted before.'
          when tasks.status <> 'open' then 'The task was ' || tasks.status || ' before.'
          when reminder.state = 'cancelled' then 'The reminder was cancelled before.'
        end as reason,
        'email' = any(coalesce(preferences.channels, '{in_app,email}')) as by_mail
      from fresh
      join arrived on arrived.event_id = fresh.event_id
      -- By index, also with a plan from the time when the table was small.
      cross join lateral (select * from reminders where id = arrived.reminder_id limit 1) as reminder
      join tasks on tasks.id = reminder.task_id
      left join preferences on preferences.user_id = tasks.user_id
      order by tasks.id
      for no key update of tasks
    ),
    notification as (
      insert into notifications (user_id, task_id, reminder_id, title, due_date, due_at, remind_at, late_seconds)
      select user_id, id, reminder_id, title, due_date, due_at, remind_at, ${lateSeconds()}
      from due
      where reason is null
      on conflict (reminder_id) do nothing
    ),
    delivery as (
      insert into deliveries (user_id, task_id, reminder_id, channel, state, reason)
      select user_id, id, reminder_id, channel, case when reason is null then 'planned' else 'cancelled' end, reason
      from due
      cross join (values ('in_app'), ('email')) as offered (channel)
      -- What was announced in the app is its notification.
      where case channel when 'in_app' then reason is not null else by_mail end
      on conflict (reminder_id, channel) do nothing
      returning id, reminder_id, channel, state
    ),
    mail as (
      select due.id, due.user_id, due.recurring_task_id, due.event_id, due.traceparent, delivery.id as delivery_id
      from delivery
      join due on due.reminder_id = delivery.reminder_id
      where delivery.channel = 'email' and delivery.state = 'planned'
    ),
    ${emit('notification.email', 'mail', sql`jsonb_build_object('delivery_id', mail.delivery_id)`, {
      cause: sql`jsonb_build_object('event_id', mail.event_id)`,
      traceparent: sql`mail.traceparent`,
    })}
    select 1`
}

/** The events that were not handled before. */
const receipts = (events: DueSoon[]): Fragment => sql`
  arrived as (
    select distinct on (event_id) *
    from unnest(
      ${events.map(({ id }) => id)}::uuid[],
      ${events.map(({ time }) => time)}::timestamptz[],
      ${events.map(({ traceparent }) => childTrace(traceparent))}::text[],
      ${events.map(({ data }) => data.reminder_id)}::uuid[]
    ) as arrived (event_id, event_time, traceparent, reminder_id)
    order by event_id
  ),
  fresh as (
    insert into inbox (consumer, event_id, event_time)
    select 'notification-plan', event_id, event_time
    from arrived
    on conflict do nothing
    returning event_id
  )`

const lateSeconds = (): Fragment => sql`
  case
    when clock_now() - remind_at > make_interval(secs => ${lateAfterSeconds})
    then extract(epoch from clock_now() - remind_at)::integer
    else 0
  end`
