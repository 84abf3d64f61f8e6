import * as v from 'valibot'
import { Id } from '../../../shared/contract/fields.ts'
import { Notification } from '../../../shared/contract/notification.ts'

export const Params = v.strictObject({ notification_id: Id })

export const Reply = Notification
