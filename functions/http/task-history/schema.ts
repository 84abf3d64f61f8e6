import * as v from 'valibot'
import { Id, Instant } from '../../../shared/contract/fields.ts'
import { TaskParams } from '../../../shared/contract/task.ts'
import { cursorPageOf, cursorPaging } from '../../../shared/http/paging.ts'

export const Params = TaskParams

export const Query = v.strictObject(cursorPaging)

/**
 * Who or what did it: `request_id` is the `x-request-id` of the reply, `event_id` the event that was handled, `undoes` the
 * entry that it takes back.
 */
const Cause = v.strictObject({
  by: v.picklist(['user', 'event', 'schedule']),
  function: v.string(),
  request_id: v.optional(v.string()),
  event_id: v.optional(Id),
  undoes: v.optional(Id),
})

/** `changes` holds, by field, the value before and the value after; `data` is the task as it was then. */
const Entry = v.strictObject({
  id: Id,
  type: v.string(),
  at: Instant,
  cause: Cause,
  changes: v.nullable(v.record(v.string(), v.tuple([v.unknown(), v.unknown()]))),
  data: v.record(v.string(), v.unknown()),
})
export type Entry = v.InferOutput<typeof Entry>

export const Reply = cursorPageOf(Entry)
