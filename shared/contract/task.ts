/** A task as the API gives it. */
import * as v from 'valibot'
import { Id, Instant, InstantInput, Status } from './fields.ts'

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
  /** How long before it is due its owner is reminded: ISO 8601 durations. */
  reminders: v.array(v.string()),
  notified: v.boolean(),
  recurring_task_id: v.nullable(Id),
  /** The original date, which with the series is the occurrence's key: it stays when the task is moved. */
  occurrence: v.nullable(v.string()),
  /** "3 of 10", of a rule with COUNT. */
  occurrence_number: v.nullable(v.number()),
  occurrence_count: v.nullable(v.number()),
  /** How many occurrences were missed since the last that was done or skipped, and since when one is owed. */
  missed_count: v.number(),
  overdue_since: v.nullable(Instant),
  /** The fields of this occurrence that were changed and are not those of its series. */
  overrides: v.array(v.string()),
  version: v.number(),
  completed_at: v.nullable(Instant),
  /** When it was done, skipped, missed or cancelled, and by which function. */
  closed_at: v.nullable(Instant),
  closed_by: v.nullable(v.string()),
  created_at: Instant,
  updated_at: Instant,
})
export type Task = v.InferOutput<typeof Task>

/** The next task of a series, where there is one. */
export const NextTask = v.strictObject({
  task_id: Id,
  occurrence: v.string(),
  due_date: v.string(),
  due_at: Instant,
})
export type NextTask = v.InferOutput<typeof NextTask>

export const CompleteBody = v.optional(
  v.strictObject({
    completed_at: v.optional(
      v.pipe(
        InstantInput,
        v.description('When it was done, if not now; up to 5 minutes ahead of our clock.'),
      ),
    ),
  }),
  {},
)

/** `next` is the next task of the series, where there is one. */
export const CompleteReply = v.strictObject({ ...Task.entries, next: v.nullable(NextTask) })

/** `/api/tasks/{task_id}` */
export const TaskParams = v.object({ task_id: Id })
