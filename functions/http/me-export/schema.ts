import * as v from 'valibot'
import { Instant } from '../../../shared/contract/fields.ts'
import { Profile } from '../../../shared/contract/profile.ts'

const Rows = v.array(v.record(v.string(), v.unknown()))

/** Rows have the columns of their tables; `events` is the whole history, the oldest first. */
export const Reply = v.strictObject({
  exported_at: Instant,
  profile: Profile,
  tasks: Rows,
  recurring_tasks: Rows,
  notifications: Rows,
  deliveries: Rows,
  events: Rows,
})
