/** Keeps an event that could not be handled, with the reason, until it is replayed. Takes any body: losing it is the one failure. */
import { done, requireSidecar } from '../../../shared/dapr/event.ts'
import { createApp } from '../../../shared/http/app.ts'
import { log } from '../../../shared/runtime/log.ts'
import { deadLettersStored } from '../../../shared/runtime/metrics.ts'
import { readDeadLetter } from './dead-letter.ts'
import { store } from './store.ts'

export default createApp().post('/events/dead-letter-store', requireSidecar, async (c) => {
  const letter = readDeadLetter(await c.req.arrayBuffer(), c.req.header())
  if (await store(letter)) {
    deadLettersStored.inc({ topic: letter.topic ?? 'unknown' })
    const { event_id, topic, consumer } = letter
    log.warn('dead letter stored', { event_id, topic, consumer })
  }
  return done(c)
})
