/** What the functions about notifications have in common. */
import type { Fragment } from 'postgres'
import { sql } from './sql.ts'

/**
 * The columns of a `Notification` of the contract, from `notifications` (or an expression of that name). The deliveries come
 * with each row, by the unique index of reminder and channel: there are as many as channels.
 */
export const notificationColumns = (): Fragment => sql`
  notifications.id, task_id, reminder_id, kind, title, due_date, due_at, remind_at, late_seconds, created_at, read_at,
  (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'channel', channel, 'state', state, 'reason', reason, 'attempts', attempts,
        'planned_at', rfc3339(planned_at), 'sent_at', rfc3339(sent_at))
      order by channel desc), '[]')
    from deliveries
    where deliveries.reminder_id = notifications.reminder_id
  ) as deliveries`
