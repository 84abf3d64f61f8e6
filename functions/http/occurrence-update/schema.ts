import * as v from 'valibot'
import { Description, DueDate, Priority, Reminders, Tags, Title } from '../../../shared/contract/fields.ts'
import {
  OccurrenceParams,
  RecurringTask,
  RecurringTaskPatch,
} from '../../../shared/contract/recurring-task.ts'
import { Task } from '../../../shared/contract/task.ts'

export const Params = OccurrenceParams

export const ThisPatch = v.strictObject({
  scope: v.literal('this'),
  title: v.optional(Title),
  description: v.nullish(Description),
  priority: v.optional(Priority),
  tags: v.optional(Tags),
  due_date: v.optional(DueDate),
  reminders: v.optional(Reminders),
})

const { is_active: _, ...fields } = RecurringTaskPatch.entries

export const FollowingPatch = v.strictObject({ scope: v.literal('following'), ...fields })

/** What is absent stays. */
export const Body = v.variant('scope', [ThisPatch, FollowingPatch], 'Use this or following.')

/** The task, or the series that goes on from here. */
export const Reply = v.union([Task, RecurringTask])
