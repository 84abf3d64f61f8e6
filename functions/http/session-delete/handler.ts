/** Signs the caller out in one place. A token that was issued there before holds until it ends, for an hour at most. */
import { Problem } from '../../../shared/contract/problem.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().delete('/api/sessions/:session_id', requireUser, params(Params), async (c) => {
  const { count } = await sql`
    delete from sessions
    where id = ${c.req.valid('param').session_id} and user_id = ${c.var.userId}`
  if (count === 0) throw new Problem('not_found', 'There is no such session, or it is not yours.')
  return c.body(null, 204)
})
