import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { travel, useDatabase } from '../../../shared/testing/database.ts'
import { addNotification } from '../../../shared/testing/notification.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'POST', path: '/api/notifications/01890a5d-ac96-774b-bcce-b302099a8057/read' })

const read = (user: TestUser, id: string, headers: Record<string, string> = {}) =>
  app.request(`/api/notifications/${id}/read`, { method: 'POST', headers: { ...user.headers, ...headers } })

const unreadOf = async (user: TestUser) =>
  (await sql`select 1 from notifications where user_id = ${user.id} and read_at is null`).length

describe('200', () => {
  test('the notification, read now; nothing else is', async () => {
    const user = await signIn()
    const id = await addNotification(user)
    await addNotification(user)
    const reply = await read(user, id)
    expect(reply.status).toBe(200)
    const notification = await bodyOf(reply, Reply)
    expect(notification).toMatchObject({
      id,
      title: 'Pay rent',
      deliveries: [{ channel: 'in_app' }, { channel: 'email' }],
    })
    expect('read_at' in notification && notification.read_at).toMatch(/Z$/)
    expect(await unreadOf(user)).toBe(1)
  })

  test('again: the same reply, and the first time stays', async () => {
    const user = await signIn()
    const id = await addNotification(user)
    const first = await (await read(user, id)).text()
    await travel('1 day')
    expect(await (await read(user, id)).text()).toBe(first)
    await travel('0')
  })

  test('all: every unread one of the caller, and how many these were', async () => {
    const [user, other] = [await signIn(), await signIn()]
    for (const of of [user, user, user, other]) await addNotification(of)
    await addNotification(user, { read_at: '2026-01-15T10:00:00Z' })
    const reply = await read(user, 'all')
    expect(await bodyOf(reply, Reply)).toEqual({ read: 3 })
    expect([await unreadOf(user), await unreadOf(other)]).toEqual([0, 1])
    expect(
      await sql`select 1 from notifications where read_at = '2026-01-15T10:00:00Z' and user_id = ${user.id}`,
    ).toHaveLength(1)
    expect(await bodyOf(await read(user, 'all'), Reply)).toEqual({ read: 0 })
  })
})

describe('404', () => {
  test("another user's is answered exactly like a missing one, and left alone", async () => {
    const [user, other] = [await signIn(), await signIn()]
    const id = await addNotification(other)
    const same = { 'x-request-id': 'same' }
    const foreign = await read(user, id, same)
    const missing = await read(user, '01890a5d-ac96-774b-bcce-b302099a8057', same)
    expect([foreign.status, missing.status]).toEqual([404, 404])
    expect(await foreign.text()).toBe(await missing.text())
    expect(await unreadOf(other)).toBe(1)
  })

  test('an id that no notification can have', async () => {
    const reply = await read(await signIn(), 'nonsense')
    expect(reply.status).toBe(404)
    expect((await problemOf(reply)).code).toBe('not_found')
  })
})
