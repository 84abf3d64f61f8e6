import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { problemOf } from '../../../shared/testing/reply.ts'
import { addSession } from '../../../shared/testing/session.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'

useDatabase()
refusals(app, { method: 'DELETE', path: '/api/sessions/01890a5d-ac96-774b-bcce-b302099a8057' })

const end = async (user: TestUser, id: string) =>
  app.request(`/api/sessions/${id}`, {
    method: 'DELETE',
    headers: { ...user.headers, 'x-request-id': 'same' },
  })

const sessionsOf = (user: TestUser) => sql`select id from sessions where user_id = ${user.id}`

test('204: the session is gone, the others stay', async () => {
  const user = await signIn()
  const [ended, kept] = [await addSession(user), await addSession(user)]
  const reply = await end(user, ended)
  expect([reply.status, await reply.text()]).toEqual([204, ''])
  expect(await sessionsOf(user)).toEqual([{ id: kept }])
})

describe('404', () => {
  test("another user's session answers exactly like a missing one, and stays", async () => {
    const [user, other] = [await signIn(), await signIn()]
    const theirs = await end(user, await addSession(other))
    expect(theirs.status).toBe(404)
    const missing = await end(user, '01890a5d-ac96-774b-bcce-b302099a8057')
    expect(await theirs.text()).toBe(await missing.text())
    expect(await sessionsOf(other)).toHaveLength(1)
  })

  test('an id that no session can have', async () => {
    expect((await problemOf(await end(await signIn(), 'nonsense'))).code).toBe('not_found')
  })
})
