import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { addNotification } from '../../../shared/testing/notification.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

const missing = '01890a5d-ac96-774b-bcce-b302099a8057'

useDatabase()
refusals(app, { method: 'POST', path: `/api/notifications/${missing}/read` })

const read = (user: TestUser, id: string) =>
  app.request(`/api/notifications/${id}/read`, {
    method: 'POST',
    headers: { ...user.headers, 'x-request-id': 'same' },
  })

describe('200', () => {
  test('it is read from now on, and reading it again changes nothing', async () => {
    const user = await signIn()
    const id = await addNotification(user)
    const first = await bodyOf(await read(user, id), Reply)
    expect(first).toMatchObject({
      id,
      read_at: expect.any(String),
      deliveries: [{ channel: 'in_app' }, { channel: 'email' }],
    })
    const again = await bodyOf(await read(user, id), Reply)
    expect(again).toEqual(first)
  })
})

describe('404', () => {
  test('another user’s notification is answered exactly like a missing one, and left alone', async () => {
    const id = await addNotification(await signIn())
    const user = await signIn()
    const replies = [await read(user, id), await read(user, missing), await read(user, 'nonsense')]
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404])
    const [foreign, absent] = await Promise.all(replies.map((reply) => reply.text()))
    expect(foreign).toBe(absent)
    expect(await sql`select read_at from notifications where id = ${id}`).toEqual([{ read_at: null }])
  })
})
