import * as v from 'valibot'
import { Id, Instant } from '../../../shared/contract/fields.ts'
import { cursorPageOf, cursorPaging } from '../../../shared/http/paging.ts'

export const Query = v.strictObject(cursorPaging)

/** `data` is the task or the series as it was then. What an event did to a task, and why, its history tells. */
const Event = v.strictObject({
  id: Id,
  type: v.string(),
  at: Instant,
  task_id: v.nullable(Id),
  recurring_task_id: v.nullable(Id),
  data: v.record(v.string(), v.unknown()),
})
export type Event = v.InferOutput<typeof Event>

export const Reply = cursorPageOf(Event)
