/** Sends again what a subscriber has no receipt of after five minutes. Its count should be zero: it is a safety net. */
import { createApp } from '../../../shared/http/app.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { reconcile } from './reconcile.ts'

export default createApp().post('/schedules/event-reconcile', requireSidecar, async (c) =>
  c.json({ status: 'done', queued: await reconcile() }),
)
