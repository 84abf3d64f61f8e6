import * as v from 'valibot'
import { Instant } from '../../../shared/contract/fields.ts'
import { RecurringTaskDraft } from '../../../shared/contract/recurring-task.ts'

const countMessage = 'Use a whole number from 1 to 100.'

/** The body of a create, which needs no title yet, and how many dates to tell. */
export const Body = v.strictObject({
  ...RecurringTaskDraft.entries,
  title: v.optional(RecurringTaskDraft.entries.title),
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
 * expect it. `sentence` is the rule in English.
 */
export const Reply = v.strictObject({
  sentence: v.string(),
  items: v.array(
    v.strictObject({
      occurrence: v.string(),
      due_date: v.string(),
      due_at: Instant,
      note: v.nullable(v.string()),
    }),
  ),
})
