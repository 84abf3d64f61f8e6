/** Announces each planned reminder at its instant as `task-due-soon`. */
import { createApp } from '../../../shared/http/app.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { createLoop } from '../../../shared/runtime/loop.ts'
import { fireReminders } from './fire.ts'

const loop = createLoop('due-scan', fireReminders)

export default createApp().post('/schedules/due-scan', requireSidecar, (c) => {
  loop.tick()
  return c.json({ status: 'running' })
})
