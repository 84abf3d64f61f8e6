import * as v from 'valibot'
import { Id } from '../../../shared/contract/fields.ts'
import { Notification } from '../../../shared/contract/notification.ts'
import { pageOf, paging } from '../../../shared/http/paging.ts'

/** Filters narrow each other down. */
export const Query = v.strictObject({
  ...paging,
  unread: v.optional(
    v.pipe(v.literal('true', 'Use true, or leave it out.'), v.description('Only those that were not read.')),
  ),
  task_id: v.optional(v.pipe(Id, v.description('Only those about this task.'))),
})

/** The newest first. `unread` counts all that were not read, whatever the filters, up to 10,000. */
export const Reply = v.strictObject({ ...pageOf(Notification).entries, unread: v.number() })
