/** A person's account, how they want dates read and reminders sent, and what they have done. */
import * as v from 'valibot'
import { Id } from './fields.ts'

export const channels = ['in_app', 'email'] as const

export const Profile = v.strictObject({
  id: Id,
  /** Null for a user of an external issuer that has verified none. */
  email: v.nullable(v.string()),
  name: v.string(),
  time_zone: v.string(),
  locale: v.string(),
  week_start: v.number(),
  reminder_time: v.string(),
  /** Until then it is still the day before: for what is due today, overdue, or done on a day. It never runs anything. */
  day_start: v.string(),
  channels: v.array(v.picklist(channels)),
  version: v.number(),
  statistics: v.strictObject({
    created: v.number(),
    updated: v.number(),
    completed: v.number(),
    completed_on_time: v.number(),
    deleted: v.number(),
  }),
})
export type Profile = v.InferOutput<typeof Profile>
