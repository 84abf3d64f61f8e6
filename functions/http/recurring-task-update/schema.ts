import * as v from 'valibot'
import { Description, DueDate, Priority, Tags, Title } from '../../../shared/contract/fields.ts'
import {
  RecurrenceInterval,
  RecurrenceType,
  RecurringTask,
  RecurringTaskParams,
} from '../../../shared/contract/recurring-task.ts'

export const Params = RecurringTaskParams

/** A field that is left out stays as it is. */
export const Body = v.strictObject({
  title: v.exactOptional(Title),
  description: v.exactOptional(v.nullable(Description)),
  priority: v.exactOptional(Priority),
  tags: v.exactOptional(Tags),
  recurrence_type: v.exactOptional(RecurrenceType),
  recurrence_interval: v.exactOptional(RecurrenceInterval),
  start_date: v.exactOptional(DueDate),
  end_date: v.exactOptional(v.nullable(DueDate)),
  /** `false` stops the series; `true` goes on with the next occurrence from now, without making up for missed ones. */
  is_active: v.exactOptional(v.boolean('Use true or false.')),
})

export const Reply = RecurringTask
