/** Sessions for tests, as Better Auth writes them. */
import { randomUUID } from 'node:crypto'
import { sql } from '../data/sql.ts'
import type { TestUser } from './user.ts'

type Fields = { user_agent?: string; ends?: string }

/** Adds a session that ends in an hour unless `ends` says otherwise, and answers its id. */
export async function addSession(user: TestUser, { user_agent = 'Test', ends = '1 hour' }: Fields = {}) {
  const [session] = await sql<[{ id: string }]>`
    insert into sessions (user_id, token, expires_at, user_agent)
    values (${user.id}, ${randomUUID()}, now() + ${ends}::interval, ${user_agent})
    returning id`
  return session.id
}
