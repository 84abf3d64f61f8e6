import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { startSeries } from '../../../shared/testing/series.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/recurring-tasks' })

const list = (user: TestUser, search = '') =>
  app.request(`/api/recurring-tasks${search}`, { headers: user.headers })
const page = async (user: TestUser, search = '') => bodyOf(await list(user, search), Reply)

async function startMany(user: TestUser, count: number): Promise<string[]> {
  const titles = Array.from({ length: count }, (_, index) => `series ${index}`)
  for (const title of titles) await startSeries(user, { title, start_date: '2030-01-15' })
  return titles.toReversed()
}

describe('200', () => {
  test('the page of the seed', async () => {
    const user = await signIn()
    const fields = { title: 'Weekly Team Meeting', start_date: '2025-01-01T09:00:00Z' }
    const { id } = await startSeries(user, fields)
    const reply = await page(user)
    expect(reply).toMatchObject({ total: 1, page: 1, page_size: 20, next_cursor: null })
    expect(reply.items).toMatchObject([
      {
        id,
        title: 'Weekly Team Meeting',
        recurrence_type: 'weekly',
        next_due_at: '2025-01-08T09:00:00Z',
        is_active: true,
      },
    ])
  })

  test("the caller's own, not the deleted ones", async () => {
    const user = await signIn()
    await startSeries(await signIn())
    const { id } = await startSeries(user)
    await sql`update recurring_tasks set deleted_at = clock_now() where id = ${id}`
    expect(await page(user)).toMatchObject({ items: [], total: 0 })
  })

  test('pages by number, the newest first, and none beyond the end', async () => {
    const user = await signIn()
    const titles = await startMany(user, 5)
    const pages = await Promise.all([1, 2, 3, 4].map((number) => page(user, `?page=${number}&page_size=2`)))
    expect(pages.map(({ items }) => items.map(({ title }) => title))).toEqual([
      titles.slice(0, 2),
      titles.slice(2, 4),
      titles.slice(4),
      [],
    ])
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5, 5])
  })

  test('pages by cursor reach every series once, also those made in the same instant', async () => {
    const user = await signIn()
    const titles = await startMany(user, 5)
    await sql`update recurring_tasks set created_at = '2026-01-01T00:00:00Z' where user_id = ${user.id}`
    const found: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { items, next_cursor }: Awaited<ReturnType<typeof page>> = await page(
        user,
        `?page_size=2${cursor && `&cursor=${cursor}`}`,
      )
      found.push(...items.map(({ title }) => title))
      cursor = next_cursor
    }
    expect(found.toSorted()).toEqual(titles.toSorted())
  })
})

describe('400', () => {
  test.each([
    ['?page=0', 'query.page'],
    ['?page_size=101', 'query.page_size'],
    ['?page=101&page_size=100', 'query.page'],
    ['?cursor=nonsense', 'query.cursor'],
    ['?colour=red', 'query.colour'],
  ])('%s', async (search, field) => {
    const reply = await list(await signIn(), search)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
  })
})
