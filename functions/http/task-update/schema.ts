import * as v from 'valibot'
import { Description, DueDate, Priority, Reminders, Tags, Title } from '../../../shared/contract/fields.ts'
import { Task, TaskParams } from '../../../shared/contract/task.ts'

export const Params = TaskParams

const elsewhere = 'Use POST /api/tasks/{task_id}/complete and /api/tasks/{task_id}/reopen.'

/** What is absent stays; null clears a description or a due date. */
export const Body = v.strictObject({
  title: v.optional(Title),
  description: v.nullish(Description),
  priority: v.optional(Priority),
  tags: v.optional(Tags),
  due_date: v.nullish(DueDate),
  reminders: v.optional(Reminders),
  status: v.optional(v.never(elsewhere)),
  completed_at: v.optional(v.never(elsewhere)),
})

export const Reply = Task
