/** A dead letter as the API gives it: what could not be handled, why, and whether it was sent again. Without the event. */
import * as v from 'valibot'
import { Id, Instant } from './fields.ts'

/** `consumer`, `topic` and `attempts` are null when nobody knows them; `event_id` when it was no event of ours. */
export const DeadLetter = v.strictObject({
  id: Id,
  event_id: v.nullable(Id),
  topic: v.nullable(v.string()),
  consumer: v.nullable(v.string()),
  error: v.string(),
  attempts: v.nullable(v.number()),
  state: v.picklist(['stored', 'replayed']),
  created_at: Instant,
  replayed_at: v.nullable(Instant),
})
export type DeadLetter = v.InferOutput<typeof DeadLetter>
