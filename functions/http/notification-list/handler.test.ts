import { beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '../../../shared/testing/database.ts'
import { addNotification } from '../../../shared/testing/notification.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/notifications' })

let user: TestUser
beforeEach(async () => {
  user = await signIn()
})

const request = (query = '') => app.request(`/api/notifications${query}`, { headers: user.headers })

async function list(query = '') {
  const reply = await request(query)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}

describe('200', () => {
  test('without any', async () => {
    expect(await list()).toEqual({
      items: [],
      total: 0,
      page: 1,
      page_size: 20,
      next_cursor: null,
      unread: 0,
    })
  })

  test('the latest first, with what became of each on every channel, and nobody else’s', async () => {
    const first = await addNotification(user, { title: 'first' })
    const second = await addNotification(user, {
      title: 'second',
      email: 'failed',
      reason: 'no such mailbox',
    })
    await addNotification(await signIn(), { title: 'of somebody else' })
    const { items, total, unread } = await list()
    expect([total, unread]).toEqual([2, 2])
    expect(items.map(({ id }) => id)).toEqual([second, first])
    expect(items[0]).toMatchObject({ title: 'second', kind: 'due', late_seconds: 0, read_at: null })
    expect(items[0]!.deliveries).toMatchObject([
      { channel: 'in_app', state: 'sent', reason: null },
      { channel: 'email', state: 'failed', reason: 'no such mailbox', attempts: 1, sent_at: null },
    ])
  })

  test('only those that are not read, and only those of a task', async () => {
    const read = await addNotification(user, { read: true })
    const open = await addNotification(user)
    expect((await list('?unread=true')).items.map(({ id }) => id)).toEqual([open])
    const { task_id } = (await list()).items.find(({ id }) => id === read)!
    const ofTask = await list(`?task_id=${task_id}`)
    expect([ofTask.items.map(({ id }) => id), ofTask.total, ofTask.unread]).toEqual([[read], 1, 1])
  })

  test('a cursor neither repeats nor skips one when a new one comes meanwhile', async () => {
    const added: string[] = []
    for (let index = 0; index < 5; index++) added.unshift(await addNotification(user))
    const first = await list('?page_size=2')
    await addNotification(user)
    const second = await list(`?page_size=2&cursor=${first.next_cursor}`)
    const third = await list(`?page_size=2&cursor=${second.next_cursor}`)
    expect([...first.items, ...second.items, ...third.items].map(({ id }) => id)).toEqual(added)
    expect(third.next_cursor).toBeNull()
  })
})

describe('400', () => {
  test.each([
    ['page=0', 'query.page'],
    ['page_size=101', 'query.page_size'],
    ['unread=maybe', 'query.unread'],
    ['task_id=1', 'query.task_id'],
    ['cursor=nonsense', 'query.cursor'],
    ['colour=red', 'query.colour'],
  ])('%s names the parameter', async (query, field) => {
    const reply = await request(`?${query}`)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
  })
})
