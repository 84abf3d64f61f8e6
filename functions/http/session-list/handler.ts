/** Lists where the caller is signed in, the latest first, at most 100. The tokens of the sessions are not told. */
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import type { Session } from './schema.ts'

const sessionsMax = 100

export default createApp().get('/api/sessions', requireUser, async (c) =>
  c.json({ items: await readSessions(c.var.userId) }),
)

// Better Auth keeps them, by the clock of the machine.
const readSessions = (userId: string) => sql<Session[]>`
  select id, user_agent, created_at, updated_at, expires_at
  from sessions
  where user_id = ${userId} and expires_at > now()
  order by created_at desc, id desc
  limit ${sessionsMax}`
