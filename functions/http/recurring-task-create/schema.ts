import * as v from 'valibot'
import { Description, DueDate, Priority, Tags, Title } from '../../../shared/contract/fields.ts'
import { RecurrenceInterval, RecurrenceType, RecurringTask } from '../../../shared/contract/recurring-task.ts'

export const Body = v.strictObject({
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

export const Reply = RecurringTask
