import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { addNotification } from '../../../shared/testing/notification.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/notifications' })

const get = (user: TestUser, query = '') =>
  app.request(`/api/notifications${query}`, { headers: user.headers })

async function list(user: TestUser, query = '') {
  const reply = await get(user, query)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}

const titles = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title)

describe('200', () => {
  test('none', async () => {
    expect(await list(await signIn())).toEqual({
      items: [],
      total: 0,
      page: 1,
      page_size: 20,
      next_cursor: null,
      unread: 0,
    })
  })

  test('a notification with what became of it on each channel', async () => {
    const user = await signIn()
    const id = await addNotification(user, { title: 'Pay rent' })
    await sql`
      update deliveries set state = 'failed', reason = 'The mail server answered 550.', attempts = 25
      where user_id = ${user.id} and channel = 'email'`
    const { items } = await list(user)
    expect(items).toEqual([
      {
        id,
        task_id: expect.any(String),
        reminder_id: expect.any(String),
        kind: 'due',
        title: 'Pay rent',
        due_date: null,
        due_at: null,
        remind_at: '2026-01-15T09:00:00Z',
        late_seconds: 0,
        created_at: '2026-01-15T09:00:00.5Z',
        read_at: null,
        deliveries: [
          {
            channel: 'in_app',
            state: 'sent',
            reason: null,
            attempts: 0,
            planned_at: '2026-01-15T09:00:00.5Z',
            sent_at: '2026-01-15T09:00:00.5Z',
          },
          {
            channel: 'email',
            state: 'failed',
            reason: 'The mail server answered 550.',
            attempts: 25,
            planned_at: '2026-01-15T09:00:00.5Z',
            sent_at: null,
          },
        ],
      },
    ])
  })

  test("nobody else's", async () => {
    const [user, other] = [await signIn(), await signIn()]
    await addNotification(other)
    expect(await list(user)).toMatchObject({ items: [], total: 0, unread: 0 })
    const foreign = await addTask(other)
    await addNotification(other, { task_id: foreign })
    expect(await list(user, `?task_id=${foreign}`)).toMatchObject({ items: [], total: 0 })
  })

  test('only the unread ones, only those of a task; `unread` counts all that are unread', async () => {
    const user = await signIn()
    const task_id = await addTask(user)
    await addNotification(user, { title: 'a', task_id, read_at: '2026-01-15T10:00:00Z' })
    await addNotification(user, { title: 'b', task_id })
    await addNotification(user, { title: 'c' })
    expect(await list(user, '?unread=true')).toMatchObject({ total: 2, unread: 2 })
    expect(titles(await list(user, '?unread=true')).toSorted()).toEqual(['b', 'c'])
    const ofTask = await list(user, `?task_id=${task_id}`)
    expect([titles(ofTask).toSorted(), ofTask.total, ofTask.unread]).toEqual([['a', 'b'], 2, 2])
    expect(titles(await list(user, `?task_id=${task_id}&unread=true`))).toEqual(['b'])
  })

  test('the newest first; pages and cursors reach each once, also those of one instant', async () => {
    const user = await signIn()
    for (let index = 0; index < 7; index++) {
      // Three of one instant.
      const created_at = `2026-01-15T0${Math.max(2, index)}:00:00Z`
      await addNotification(user, { title: String(index), created_at })
    }
    const all = titles(await list(user))
    expect(all.slice(0, 4)).toEqual(['6', '5', '4', '3'])
    const byPage = [1, 2, 3, 4].map(async (page) => titles(await list(user, `?page=${page}&page_size=2`)))
    expect((await Promise.all(byPage)).flat()).toEqual(all)
    const byCursor: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await list(user, `?page_size=2${cursor && `&cursor=${cursor}`}`)
      byCursor.push(...titles(page))
      cursor = page.next_cursor
    }
    expect(byCursor).toEqual(all)
  })

  test('what comes in meanwhile neither repeats nor skips one for a cursor', async () => {
    const user = await signIn()
    for (const title of ['a', 'b', 'c'])
      await addNotification(user, { title, created_at: `2026-01-15T09:00:0${'abc'.indexOf(title)}Z` })
    const first = await list(user, '?page_size=2')
    await addNotification(user, { title: 'd', created_at: '2026-01-15T09:00:09Z' })
    expect(titles(await list(user, `?page_size=2&cursor=${first.next_cursor}`))).toEqual(['a'])
  })
})

describe('400', () => {
  test.each([
    ['?unread=1', 'query.unread'],
    ['?task_id=nonsense', 'query.task_id'],
    ['?page=0', 'query.page'],
    ['?page_size=101', 'query.page_size'],
    ['?cursor=nonsense', 'query.cursor'],
    ['?page=101&page_size=100', 'query.page'],
    ['?colour=red', 'query.colour'],
    ['?page=1&page=2', 'query.page'],
  ])('%s', async (query, field) => {
    const reply = await get(await signIn(), query)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
  })
})
