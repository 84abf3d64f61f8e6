/** Publishes what the outbox holds, in order for each task, and removes what the broker acknowledged. */
import { createApp } from '../../../shared/http/app.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { createLoop } from '../../../shared/runtime/loop.ts'
import { relay } from './relay.ts'

const loop = createLoop('outbox-relay', relay)

export default createApp().post('/schedules/outbox-relay', requireSidecar, (c) => {
  loop.tick()
  return c.json({ status: 'running' })
})
