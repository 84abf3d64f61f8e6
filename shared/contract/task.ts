/** A task as the API gives it. */
import * as v from 'valibot'
import { Id, Instant, Status } from './fields.ts'

export const Task = v.strictObject({
  id: Id,
  user_id: Id,
  title: v.string(),
  description: v.nullable(v.string()),
  priority: v.picklist([1, 2, 3]),
  status: Status,
  tags: v.array(v.string()),
  due_date: v.nullable(v.string()),
  due_at: v.nullable(Instant),
  notified: v.boolean(),
  recurring_task_id: v.nullable(Id),
  occurrence: v.nullable(v.string()),
  version: v.number(),
  completed_at: v.nullable(Instant),
  created_at: Instant,
  updated_at: Instant,
})
export type Task = v.InferOutput<typeof Task>

/** `/api/tasks/{task_id}` */
export const TaskParams = v.object({ task_id: Id })
