import * as v from 'valibot'
import { Id } from '../../../shared/contract/fields.ts'
import { Notification } from '../../../shared/contract/notification.ts'

/** `all` stands for every notification that the caller has not read. */
export const Params = v.strictObject({ notification_id: v.union([Id, v.literal('all')]) })

/** The notification; for `all`, how many were marked now. */
export const Reply = v.union([Notification, v.strictObject({ read: v.number() })])
