import * as v from 'valibot'
import { Description, DueDate, Priority, Tags, Title } from '../../../shared/contract/fields.ts'
import { Task } from '../../../shared/contract/task.ts'

export const Body = v.strictObject({
  title: Title,
  description: v.nullish(Description),
  priority: v.optional(Priority, 2),
  tags: v.optional(Tags, []),
  due_date: v.nullish(DueDate),
})

export const Reply = Task
