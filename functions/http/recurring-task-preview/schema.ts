import * as v from 'valibot'
import { Id, Instant } from '../../../shared/contract/fields.ts'
import { EditEffect, RecurringTaskPatch } from '../../../shared/contract/recurring-task.ts'

const countMessage = 'Use a whole number from 1 to 100.'

/**
 * The body of a create, which needs no title yet, and how many dates to tell. With `recurring_task_id` it is a change of that
 * series; with `occurrence` too, of that one and all that follow.
 */
export const Body = v.strictObject({
  ...RecurringTaskPatch.entries,
  recurring_task_id: v.exactOptional(Id),
  occurrence: v.exactOptional(v.string()),
  count: v.optional(
    v.pipe(
      v.number(countMessage),
      v.integer(countMessage),
      v.minValue(1, countMessage),
      v.maxValue(100, countMessage),
    ),
    5,
  ),
})

/**
 * `occurrence` is the original date, which with the series is the occurrence's key. `note` says why it is not where one would
 * expect it. `sentence` is the rule in the language that `Accept-Language` asks for. `effect` is what a change of a series would do.
 */
export const Reply = v.strictObject({
  sentence: v.string(),
  recurrence_rule: v.string(),
  items: v.array(
    v.strictObject({
      occurrence: v.string(),
      due_date: v.string(),
      due_at: Instant,
      note: v.nullable(v.string()),
      number: v.nullable(v.number()),
    }),
  ),
  effect: v.nullable(EditEffect),
})
