/** Sends a notification by mail: at most once for each time it is known not to have been sent. */
import { NotificationEmailData } from '../../../shared/contract/events.ts'
import { Problem } from '../../../shared/contract/problem.ts'
import { settle } from '../../../shared/data/deliveries.ts'
import { once } from '../../../shared/data/inbox.ts'
import { done, event, requireSidecar } from '../../../shared/dapr/event.ts'
import { createApp } from '../../../shared/http/app.ts'
import { send } from './send.ts'

export default createApp().post(
  '/events/notification-email',
  requireSidecar,
  event(['todo.notification.email.v1'], NotificationEmailData),
  async (c) => {
    const given = c.req.valid('json')
    const { delivery_id } = given.data
    if (!(await send(delivery_id, c.req.raw.signal)) && !(await settle(delivery_id)))
      throw new Problem('unavailable', 'Another attempt has no outcome yet.')
    // No effect of its own: the ledger is what keeps a mail from being sent twice. The receipt says that it is settled.
    await once('notification-email', given, async () => {})
    return done(c)
  },
)
