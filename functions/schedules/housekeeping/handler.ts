/** Makes the partitions of the days to come and removes what is too old to be asked for. */
import { createApp } from '../../../shared/http/app.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { cleanUp } from './clean.ts'

export default createApp().post('/schedules/housekeeping', requireSidecar, async (c) =>
  c.json({ status: 'done', removed: await cleanUp() }),
)
