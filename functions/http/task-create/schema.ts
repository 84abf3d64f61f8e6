import * as v from 'valibot'
import { Description, DueDate, Priority, Reminders, Tags, Title } from '../../../shared/contract/fields.ts'
import { Task } from '../../../shared/contract/task.ts'
import { onTime } from '../../../shared/recurrence/reminder.ts'

export const Body = v.strictObject({
  title: Title,
  description: v.nullish(Description),
  priority: v.optional(Priority, 2),
  tags: v.optional(Tags, []),
  due_date: v.nullish(DueDate),
  reminders: v.optional(Reminders, [onTime]),
})

export const Reply = Task
