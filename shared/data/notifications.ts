/** What every statement about notifications has in common. */
import type { Fragment } from 'postgres'
import { sql } from './sql.ts'

/**
 * The columns of a `Notification` of the contract, in its order, with its deliveries; usable wherever a table or expression
 * is read as `notification`. In the app it is delivered by being there; the ledger has the other channels.
 */
export const notificationColumns = (): Fragment => sql`
  notification.id, notification.task_id, notification.reminder_id, notification.kind, notification.title,
  notification.due_date, notification.due_at, notification.remind_at, notification.late_seconds, notification.created_at,
  notification.read_at,
  jsonb_build_array(
    jsonb_build_object(
      'channel', 'in_app',
      'state', 'sent',
      'reason', null,
      'attempts', 0,
      'planned_at', rfc3339(notification.created_at),
      'sent_at', rfc3339(notification.created_at))
  ) || (
    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'channel', channel,
          'state', state,
          'reason', reason,
          'attempts', attempts,
          'planned_at', rfc3339(planned_at),
          'sent_at', rfc3339(sent_at))
        order by channel),
      '[]')
    from deliveries
    where deliveries.reminder_id = notification.reminder_id and channel <> 'in_app'
  ) as deliveries`
