/** A recurring task, which is a series of tasks, as the API gives it. */
import * as v from 'valibot'
import { Description, DueDate, Id, Instant, Priority, Tags, Title } from './fields.ts'

export const RecurrenceType = v.picklist(
  ['daily', 'weekly', 'monthly', 'yearly'],
  'Use daily, weekly, monthly or yearly.',
)

const intervalMessage = 'Use a whole number from 1 to 1,000.'

/** Every so many days, weeks, months or years. */
export const RecurrenceInterval = v.pipe(
  v.number(intervalMessage),
  v.integer(intervalMessage),
  v.minValue(1, intervalMessage),
  v.maxValue(1_000, intervalMessage),
)

/** What a series is made of. */
export const RecurringTaskDraft = v.strictObject({
  title: Title,
  description: v.nullish(Description),
  priority: v.optional(Priority, 2),
  tags: v.optional(Tags, []),
  recurrence_type: RecurrenceType,
  recurrence_interval: v.optional(RecurrenceInterval, 1),
  /** Its form is the form of every due date of the series. Without one: now, as a local time on the minute. */
  start_date: v.optional(DueDate),
  /** The last moment or day, itself included. */
  end_date: v.nullish(DueDate),
})

export const RecurringTask = v.strictObject({
  id: Id,
  user_id: Id,
  title: v.string(),
  description: v.nullable(v.string()),
  priority: v.picklist([1, 2, 3]),
  tags: v.array(v.string()),
  recurrence_type: RecurrenceType,
  recurrence_interval: v.number(),
  start_date: v.string(),
  end_date: v.nullable(v.string()),
  /** When the next task will be due; null when the rule has nothing more. A stopped series keeps it. */
  next_due_at: v.nullable(Instant),
  is_active: v.boolean(),
  last_created_at: v.nullable(Instant),
  version: v.number(),
  created_at: Instant,
  updated_at: Instant,
})
export type RecurringTask = v.InferOutput<typeof RecurringTask>

/** `/api/recurring-tasks/{recurring_task_id}` */
export const RecurringTaskParams = v.object({ recurring_task_id: Id })
