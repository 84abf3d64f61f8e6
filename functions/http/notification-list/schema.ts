import * as v from 'valibot'
import { Id } from '../../../shared/contract/fields.ts'
import { Notification } from '../../../shared/contract/notification.ts'
import { pageOf, paging } from '../../../shared/http/paging.ts'

export const Query = v.strictObject({
  ...paging,
  unread: v.optional(v.picklist(['true'], 'Use true, or leave it out.')),
  task_id: v.optional(v.pipe(Id, v.description('Only the notifications of this task.'))),
})

/** `unread` counts those that are not read yet, up to 10,000, whatever the filter is. */
export const Reply = v.strictObject({ ...pageOf(Notification).entries, unread: v.number() })
