/** Announces each occurrence of a series when its task is to be made, as `recurring-task-due`. */
import { createApp } from '../../../shared/http/app.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { createLoop } from '../../../shared/runtime/loop.ts'
import { announceOccurrences } from './announce.ts'

const loop = createLoop('recurrence-scan', announceOccurrences)

export default createApp().post('/schedules/recurrence-scan', requireSidecar, (c) => {
  loop.tick()
  return c.json({ status: 'running' })
})
