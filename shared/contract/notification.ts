/** A notification as the API gives it, with what became of it on each channel. */
import * as v from 'valibot'
import { Id, Instant } from './fields.ts'

/** From here on a notification says that it is late. Less is what a start from zero takes. */
export const lateAfterSeconds = 5

const Channel = v.picklist(['in_app', 'email'])

/**
 * One channel of a notification. `unknown`: it was handed over and no answer came, so it may have arrived. `reason` says
 * why it was not sent.
 */
const Delivery = v.strictObject({
  channel: Channel,
  state: v.picklist(['planned', 'sent', 'failed', 'unknown', 'cancelled']),
  reason: v.nullable(v.string()),
  attempts: v.number(),
  planned_at: Instant,
  sent_at: v.nullable(Instant),
})

/** `title`, `due_date` and `due_at` are the task's as they were then. `late_seconds` is 0 when it came in time. */
export const Notification = v.strictObject({
  id: Id,
  task_id: Id,
  reminder_id: Id,
  kind: v.literal('due'),
  title: v.string(),
  due_date: v.nullable(v.string()),
  due_at: v.nullable(Instant),
  remind_at: Instant,
  late_seconds: v.number(),
  created_at: Instant,
  read_at: v.nullable(Instant),
  deliveries: v.array(Delivery),
})
export type Notification = v.InferOutput<typeof Notification>
