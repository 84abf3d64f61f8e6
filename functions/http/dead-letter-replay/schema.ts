import * as v from 'valibot'
import { Id, InstantInput } from '../../../shared/contract/fields.ts'

/** One dead letter, or those stored from an instant (inclusive) to another (exclusive) that were not sent again since. */
export const Body = v.union(
  [v.strictObject({ id: Id }), v.strictObject({ from: InstantInput, to: InstantInput })],
  'Give the id of one dead letter, or from and to.',
)

/**
 * How many were sent again, 10,000 at most, and how many cannot be because the log does not have their events (they are too
 * old, their task is gone, or they were never ours).
 */
export const Reply = v.strictObject({ replayed: v.number(), missing: v.number() })
