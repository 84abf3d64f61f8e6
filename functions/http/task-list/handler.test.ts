import { describe, expect, test } from 'vitest'
import type { Task } from '../../../shared/contract/task.ts'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import createSeries from '../recurring-task-create/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/tasks' })

type Parameters = Record<string, string>

const request = async (user: TestUser, parameters: Parameters = {}) =>
  app.request(`/api/tasks?${new URLSearchParams(parameters)}`, { headers: user.headers })

async function list(user: TestUser, parameters: Parameters = {}) {
  const reply = await request(user, parameters)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}

const titles = async (user: TestUser, parameters: Parameters = {}) =>
  (await list(user, { page_size: '100', sort: 'created_at', ...parameters })).items.map(({ title }) => title)

/** Tasks with equal keys in every order, ids that tell nothing of it, and some without a due date. */
async function addMany(user: TestUser, count: number): Promise<void> {
  await sql`
    insert into tasks (id, user_id, title, priority, due_date, due_at, created_at, updated_at)
    select
      gen_random_uuid(), ${user.id}, 'Task ' || n, n % 3 + 1,
      case when n % 3 > 0 then '2030-01-01T00:00:00Z' end,
      case when n % 3 > 0 then '2030-01-01T00:00:00Z'::timestamptz + n / 4 * interval '1 hour' end,
      '2029-01-01T00:00:00.000001Z'::timestamptz + n / 2 * interval '1 microsecond',
      '2029-01-01T00:00:00Z'::timestamptz - n / 2 * interval '1 day'
    from generate_series(1, ${count}::integer) as n`
}

describe('200', () => {
  test('the newest first, in the shape of every list', async () => {
    const user = await signIn()
    const [first, second] = [await addTask(user, { title: 'a' }), await addTask(user, { title: 'b' })]
    const { items, ...rest } = await list(user)
    expect(items.map(({ id }) => id)).toEqual([second, first])
    expect(rest).toEqual({ total: 2, page: 1, page_size: 20, next_cursor: null })
  })

  test('nothing: an empty list', async () => {
    expect(await list(await signIn())).toEqual({
      items: [],
      total: 0,
      page: 1,
      page_size: 20,
      next_cursor: null,
    })
  })

  test('open and done; what was skipped, missed or cancelled only when it is asked for', async () => {
    const user = await signIn()
    for (const status of ['open', 'done', 'skipped', 'missed', 'cancelled']) {
      const id = await addTask(user, { title: status })
      await sql`
        update tasks
        set status = ${status}, completed_at = case when ${status === 'done'} then clock_now() end
        where id = ${id}`
    }
    expect(await titles(user)).toEqual(['open', 'done'])
    expect(await titles(user, { status: 'all' })).toHaveLength(5)
    for (const status of ['open', 'done', 'skipped', 'missed', 'cancelled'])
      expect(await titles(user, { status })).toEqual([status])
  })

  test('neither deleted tasks nor those of others', async () => {
    const [user, other] = [await signIn(), await signIn()]
    await addTask(other)
    const deleted = await addTask(user)
    await sql`update tasks set deleted_at = clock_now() where id = ${deleted}`
    expect(await list(user)).toMatchObject({ items: [], total: 0 })
  })

  test('a page behind the last is empty and still knows the total', async () => {
    const user = await signIn()
    await addTask(user)
    expect(await list(user, { page: '7' })).toMatchObject({ items: [], total: 1, page: 7, next_cursor: null })
  })

  test('the total is counted up to 10,000', async () => {
    const user = await signIn()
    await addMany(user, 10_001)
    expect(await list(user)).toMatchObject({ total: 10_000 })
  })
})

/** The sort keys as the documentation has them, told independently of SQL. */
const keys: Record<string, (task: Task) => bigint | null> = {
  due_date: ({ due_at }) => (due_at === null ? null : nanoseconds(due_at)),
  created_at: ({ created_at }) => nanoseconds(created_at),
  updated_at: ({ updated_at }) => nanoseconds(updated_at),
  priority: ({ priority }) => BigInt(priority),
}

const nanoseconds = (instant: string) => Temporal.Instant.from(instant).epochNanoseconds

function inOrder(tasks: Task[], sort: string): Task[] {
  const key = keys[sort.replace('-', '')]!
  const sign = sort.startsWith('-') ? -1 : 1
  return tasks.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === right) return a.id < b.id ? -sign : sign
    if (left === null || right === null) return left === null ? 1 : -1
    return left < right ? -sign : sign
  })
}

describe.each(Object.keys(keys).flatMap((field) => [field, `-${field}`]))('sort=%s', (sort) => {
  test('cursors and page numbers show every task once, in order', async () => {
    const user = await signIn()
    await addMany(user, 23)
    const { items } = await list(user, { page_size: '100' })
    const expected = inOrder(items, sort).map(({ id }) => id)
    expect((await list(user, { page_size: '100', sort })).items.map(({ id }) => id)).toEqual(expected)

    const walked: string[] = []
    let cursor: string | null = null
    do {
      const page = await list(user, { sort, page_size: '4', ...(cursor && { cursor }) })
      expect(page).toMatchObject({ total: 23, page: cursor ? null : 1, page_size: 4 })
      walked.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
    } while (cursor)
    expect(walked).toEqual(expected)

    const paged: string[] = []
    for (let page = 1; page <= 6; page++) {
      paged.push(
        ...(await list(user, { sort, page_size: '4', page: String(page) })).items.map(({ id }) => id),
      )
    }
    expect(paged).toEqual(expected)
  })
})

describe('a cursor', () => {
  test('goes on where the page ended, whatever was added or deleted before it', async () => {
    const user = await signIn()
    await addMany(user, 10)
    const first = await list(user, { page_size: '5' })
    await addTask(user, { title: 'newest' })
    await sql`delete from tasks where id = ${first.items[4]!.id}`
    const second = await list(user, { page_size: '5', cursor: first.next_cursor! })
    const all = [...first.items, ...second.items].map(({ title }) => title)
    expect(all).toHaveLength(10)
    expect(new Set(all)).toEqual(new Set(Array.from({ length: 10 }, (_, n) => `Task ${n + 1}`)))
  })

  test('keeps the filter that the request repeats', async () => {
    const user = await signIn()
    await addMany(user, 23)
    const { next_cursor } = await list(user, { priority: '1', page_size: '3' })
    const { items, total } = await list(user, { priority: '1', page_size: '100', cursor: next_cursor! })
    expect(total).toBe(7)
    expect(items.map(({ priority }) => priority)).toEqual([1, 1, 1, 1])
  })
})

describe('filters', () => {
  test('status, overdue and priority', async () => {
    const user = await signIn()
    await addTask(user, { title: 'late', due_date: '2020-01-01', priority: 1 })
    await addTask(user, { title: 'early', due_date: '2099-01-01' })
    await addTask(user, { title: 'someday', priority: 3 })
    const done = await addTask(user, { title: 'done', due_date: '2020-01-01', priority: 1 })
    await sql`update tasks set status = 'done', completed_at = clock_now() where id = ${done}`
    expect(await titles(user, { status: 'open' })).toEqual(['late', 'early', 'someday'])
    expect(await titles(user, { status: 'done' })).toEqual(['done'])
    expect(await titles(user, { status: 'all' })).toEqual(['late', 'early', 'someday', 'done'])
    expect(await titles(user, { overdue: 'true' })).toEqual(['late'])
    expect(await titles(user, { overdue: 'true', status: 'done' })).toEqual([])
    expect(await titles(user, { priority: '1' })).toEqual(['late', 'done'])
    expect(await titles(user, { priority: '1', status: 'done' })).toEqual(['done'])
    expect(await list(user, { priority: '1', page_size: '1' })).toMatchObject({ total: 2 })
  })

  test('tag: the whole tag, as it is written', async () => {
    const user = await signIn()
    await addTask(user, { title: 'both', tags: ['home', 'tax, 2030'] })
    await addTask(user, { title: 'one', tags: ['homework'] })
    expect(await titles(user, { tag: 'home' })).toEqual(['both'])
    expect(await titles(user, { tag: 'tax, 2030' })).toEqual(['both'])
    expect(await titles(user, { tag: 'Home' })).toEqual([])
  })

  test('recurring_task_id: what the series made', async () => {
    const user = await signIn()
    await addTask(user, { title: 'plain' })
    const reply = await createSeries.request('/api/recurring-tasks', {
      method: 'POST',
      headers: user.headers,
      body: JSON.stringify({ title: 'made', recurrence_type: 'daily', start_date: '2030-01-01' }),
    })
    const series = (await reply.json()) as { id: string }
    expect(await titles(user, { recurring_task_id: series.id })).toEqual(['made'])
  })

  test("user_id: the caller's own changes nothing, another's answers like one that nobody has", async () => {
    const [user, other] = [await signIn(), await signIn()]
    await addTask(user, { title: 'mine' })
    await addTask(other)
    expect(await titles(user, { user_id: user.id })).toEqual(['mine'])
    const foreign = await list(user, { user_id: other.id })
    expect(foreign).toEqual(await list(user, { user_id: '01890a5d-ac96-774b-bcce-b302099a8057' }))
    expect(foreign).toMatchObject({ items: [], total: 0 })
  })

  test.each([
    ['rent', ['Pay the rent', 'Rent a car']],
    ['RENT car', ['Rent a car']],
    ['"the rent"', ['Pay the rent']],
    ['rent -car', ['Pay the rent']],
    ['car or garden', ['Rent a car', 'Garden']],
    ['landlord', ['Pay the rent']],
    ['blumenerde', ['Garden']],
    ['ren', []],
    ['!', []],
    ["'); drop table tasks; --", []],
  ])('q=%s searches title and description', async (q, expected) => {
    const user = await signIn()
    await addTask(user, { title: 'Pay the rent', description: 'to the landlord' })
    await addTask(user, { title: 'Rent a car' })
    await addTask(user, { title: 'Garden', description: 'Blumenerde' })
    expect(await titles(user, { q })).toEqual(expected)
  })

  test.each<[Parameters, string[]]>([
    [{ due_before: '2030-01-15' }, ['on the 14th', 'at noon of the 14th']],
    [{ due_after: '2030-01-15' }, ['at midnight of the 16th', 'on the 16th']],
    [
      { due_after: '2030-01-14', due_before: '2030-01-16' },
      ['at midnight of the 15th', 'in the evening of the 15th', 'on the 15th'],
    ],
    [{ due_before: '2030-01-15T00:00:00' }, ['at noon of the 14th']],
    [{ due_before: '2030-01-14T11:00:00.000001Z' }, ['at noon of the 14th']],
    [{ due_before: '2030-01-14T11:00:00Z' }, []],
    [{ due_after: '2030-01-16T00:00:00[Europe/Berlin]' }, ['on the 16th']],
    [{ due_before: '1970-01-01' }, []],
    [{ due_after: '2200-12-31' }, []],
  ])('%j means days and times where the user is', async (bounds, expected) => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    await addTask(user, { title: 'on the 14th', due_date: '2030-01-14' })
    await addTask(user, { title: 'at noon of the 14th', due_date: '2030-01-14T12:00:00' })
    await addTask(user, { title: 'at midnight of the 15th', due_date: '2030-01-15T00:00:00' })
    await addTask(user, { title: 'in the evening of the 15th', due_date: '2030-01-15T22:59:00Z' })
    await addTask(user, { title: 'on the 15th', due_date: '2030-01-15' })
    await addTask(user, { title: 'at midnight of the 16th', due_date: '2030-01-15T23:00:00Z' })
    await addTask(user, { title: 'on the 16th', due_date: '2030-01-16' })
    await addTask(user, { title: 'never' })
    expect(await titles(user, bounds)).toEqual(expected)
  })
})

const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
const id = '01890a5d-ac96-774b-bcce-b302099a8057'

describe('400', () => {
  test.each<[Parameters, string]>([
    [{ page: '0' }, 'page'],
    [{ page: '1.5' }, 'page'],
    [{ page: '-1' }, 'page'],
    [{ page: '' }, 'page'],
    [{ page: '101', page_size: '100' }, 'page'],
    [{ page: '501' }, 'page'],
    [{ page_size: '0' }, 'page_size'],
    [{ page_size: '101' }, 'page_size'],
    [{ page_size: '1e1' }, 'page_size'],
    [{ sort: 'title' }, 'sort'],
    [{ status: 'closed' }, 'status'],
    [{ priority: '4' }, 'priority'],
    [{ tag: ' ' }, 'tag'],
    [{ tag: 'x'.repeat(51) }, 'tag'],
    [{ overdue: 'false' }, 'overdue'],
    [{ due_before: 'tomorrow' }, 'due_before'],
    [{ due_after: '2030-02-30' }, 'due_after'],
    [{ recurring_task_id: '1' }, 'recurring_task_id'],
    [{ user_id: 'me' }, 'user_id'],
    [{ q: '' }, 'q'],
    [{ q: 'a\0b' }, 'q'],
    [{ q: 'x'.repeat(201) }, 'q'],
    [{ colour: 'red' }, 'colour'],
    [{ cursor: cursorOf('-created_at', '2030-01-01T00:00:00Z', id), page: '1' }, 'page'],
  ])('%j names the parameter', async (parameters, field) => {
    const reply = await request(await signIn(), parameters)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([`query.${field}`])
  })

  test('a parameter given twice', async () => {
    const user = await signIn()
    const reply = await app.request('/api/tasks?tag=a&tag=b', { headers: user.headers })
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual(['query.tag'])
  })

  test.each<[string, Parameters]>([
    ['nonsense', { cursor: 'nonsense' }],
    ['nothing', { cursor: '' }],
    ['no tuple', { cursor: Buffer.from('{"a":1}').toString('base64url') }],
    ['another order', { cursor: cursorOf('created_at', '2030-01-01T00:00:00Z', id) }],
    ['a day that does not exist', { cursor: cursorOf('-created_at', '2030-02-30T00:00:00Z', id) }],
    [
      'an instant that Postgres cannot hold',
      { cursor: cursorOf('-created_at', '+200000-01-01T00:00:00Z', id) },
    ],
    ['a null where there is none', { cursor: cursorOf('-created_at', null, id) }],
    ['a priority that does not exist', { sort: 'priority', cursor: cursorOf('priority', 99_999, id) }],
    [
      'an instant for a priority',
      { sort: 'priority', cursor: cursorOf('priority', '2030-01-01T00:00:00Z', id) },
    ],
    ['an id that is none', { cursor: cursorOf('-created_at', '2030-01-01T00:00:00Z', '1') }],
    ['more than there should be', { cursor: cursorOf('-created_at', '2030-01-01T00:00:00Z', id, 1) }],
  ])('a cursor that holds %s', async (_, parameters) => {
    const reply = await request(await signIn(), parameters)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual(['query.cursor'])
  })

  test('a page beyond the reach of numbers is refused with the way to go on', async () => {
    const { errors } = await problemOf(await request(await signIn(), { page: '501', page_size: '20' }))
    expect(errors![0]!.message).toContain('cursor')
    expect((await request(await signIn(), { page: '500', page_size: '20' })).status).toBe(200)
  })
})

describe("the user's day", () => {
  /** It is one in the morning of 10 June in Berlin; the day of this user begins at four. */
  async function nightOwl(): Promise<TestUser> {
    await travelTo('2030-06-09T23:00:00Z')
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    await sql`update preferences set day_start = '04:00' where user_id = ${user.id}`
    for (const due_date of [
      '2030-06-09',
      '2030-06-10',
      '2030-06-09T03:59:59',
      '2030-06-09T04:00:00',
      '2030-06-10T03:59:59',
      '2030-06-10T04:00:00',
    ])
      await addTask(user, { title: due_date, due_date })
    return user
  }

  test('is still the day before until it begins', async () => {
    const user = await nightOwl()
    const ninth = ['2030-06-09', '2030-06-09T04:00:00', '2030-06-10T03:59:59']
    expect(await titles(user, { due_on: 'today' })).toEqual(ninth)
    expect(await titles(user, { due_on: '2030-06-09' })).toEqual(ninth)
    expect(await titles(user, { due_on: '2030-06-10' })).toEqual(['2030-06-10', '2030-06-10T04:00:00'])
    await travelTo('2030-06-10T02:00:00Z')
    expect(await titles(user, { due_on: 'today' })).toEqual(['2030-06-10', '2030-06-10T04:00:00'])
    await travel('0')
  })

  test('begins at four on the clock also where the clocks change', async () => {
    await travelTo('2030-03-31T01:59:00Z')
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    await sql`update preferences set day_start = '04:00' where user_id = ${user.id}`
    for (const due_date of ['2030-03-30', '2030-03-31']) await addTask(user, { title: due_date, due_date })
    const seen = async () => [
      await titles(user, { due_on: 'today' }),
      await titles(user, { overdue: 'true' }),
    ]
    expect(await seen()).toEqual([['2030-03-30'], []])
    await travelTo('2030-03-31T02:00:01Z')
    expect(await seen()).toEqual([['2030-03-31'], ['2030-03-30']])
    await travel('0')
  })

  test('a date is overdue when it is over, a time at its instant', async () => {
    const user = await nightOwl()
    const timed = ['2030-06-09T03:59:59', '2030-06-09T04:00:00']
    expect(await titles(user, { overdue: 'true' })).toEqual(timed)
    await travelTo('2030-06-10T02:00:01Z')
    expect(await titles(user, { overdue: 'true' })).toEqual([
      '2030-06-09',
      ...timed,
      '2030-06-10T03:59:59',
      '2030-06-10T04:00:00',
    ])
    await travel('0')
  })

  test.each(['yesterday', '2030-02-30', '2030-06-10T04:00:00'])('due_on=%s is refused', async (due_on) => {
    const reply = await request(await signIn(), { due_on })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map(({ field }) => field)).toEqual(['query.due_on'])
  })
})
