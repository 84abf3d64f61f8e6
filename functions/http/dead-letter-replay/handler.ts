/** Sends the events of dead letters again: who has handled one already ignores it. For operators. */
import { Problem } from '../../../shared/contract/problem.ts'
import { findDeadLetter, replayOne, replayRange } from '../../../shared/data/replay.ts'
import { wakeAfterwards } from '../../../shared/data/signal.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { requireOperator } from '../../../shared/http/operator.ts'
import { body } from '../../../shared/http/validate.ts'
import { log } from '../../../shared/runtime/log.ts'
import { Body } from './schema.ts'

export default createApp().post(
  '/api/dead-letters/replay',
  requireUser,
  requireOperator,
  body(Body),
  async (c) => {
    const given = c.req.valid('json')
    const outcome = 'id' in given ? await replayId(given.id) : await replayRange(given.from, given.to)
    if (outcome.replayed > 0) wakeAfterwards(['outbox-relay'])
    log.info('dead letters sent again', { ...outcome, operator: c.var.userId })
    return c.json(outcome)
  },
)

async function replayId(id: string) {
  if (!(await findDeadLetter(id))) throw new Problem('not_found', 'There is no such dead letter.')
  const isSent = await replayOne(id)
  return { replayed: Number(isSent), missing: Number(!isSent) }
}
