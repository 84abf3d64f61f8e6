import * as v from 'valibot'
import { Id, Instant } from '../../../shared/contract/fields.ts'

/** `user_agent` is what the program that signed in says of itself. */
const Session = v.strictObject({
  id: Id,
  user_agent: v.nullable(v.string()),
  created_at: Instant,
  updated_at: Instant,
  expires_at: Instant,
})
export type Session = v.InferOutput<typeof Session>

export const Reply = v.strictObject({ items: v.array(Session) })
