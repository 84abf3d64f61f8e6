/** Lists the events that could not be handled, the newest first. For operators. */
import { listDeadLetters } from '../../../shared/data/replay.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { requireOperator } from '../../../shared/http/operator.ts'
import { cutPage, InstantKey, readPage } from '../../../shared/http/paging.ts'
import { query } from '../../../shared/http/validate.ts'
import { Query } from './schema.ts'

export default createApp().get('/api/dead-letters', requireUser, requireOperator, query(Query), async (c) => {
  const given = c.req.valid('query')
  const page = readPage(given, '-created_at', InstantKey)
  const letters = await listDeadLetters(page.limit, { state: given.state, after: page.after })
  return c.json(cutPage(letters, page, ({ created_at, id }) => ({ key: created_at, id })))
})
