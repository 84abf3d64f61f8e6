import * as v from 'valibot'
import { DueDate, Id, Instant, statuses } from '../../../shared/contract/fields.ts'
import { RecurringTaskParams } from '../../../shared/contract/recurring-task.ts'

export const Params = RecurringTaskParams

export const Query = v.strictObject({
  from: v.optional(
    v.pipe(DueDate, v.description('Due at this instant or day, or later. Without it: 30 days ago.')),
  ),
  to: v.optional(v.pipe(DueDate, v.description('Due before this instant or day. Without it: in 90 days.'))),
})

/** `planned` is what the rule will bring; `task_id` is null for what is or was never a task. */
export const Reply = v.strictObject({
  items: v.array(
    v.strictObject({
      occurrence: v.string(),
      /** "3 of 10", of a rule with COUNT. */
      number: v.nullable(v.number()),
      state: v.picklist([...statuses, 'planned']),
      due_date: v.nullable(v.string()),
      due_at: v.nullable(Instant),
      task_id: v.nullable(Id),
      title: v.nullable(v.string()),
      closed_at: v.nullable(Instant),
      closed_by: v.nullable(v.string()),
      /** Why it is not where one would expect it. */
      note: v.nullable(v.string()),
    }),
  ),
  /** There is more in the window than the 1,000 that are told. */
  truncated: v.boolean(),
})
