import { describe, expect, test } from 'vitest'
import { travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import {
  announced,
  hiddenSeries,
  makeDue,
  scan,
  seriesEventsOf,
  seriesNow,
  startSeries,
  tasksOfSeries,
} from '../../../shared/testing/series.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, {
  method: 'PATCH',
  path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057',
  body: { title: 'x' },
})
hiddenSeries(app, { method: 'PUT', body: { title: 'x' } })

const change = async (user: TestUser, id: string, body: object, headers: Record<string, string> = {}) =>
  app.request(`/api/recurring-tasks/${id}`, {
    method: 'PATCH',
    headers: { ...user.headers, ...headers },
    body: JSON.stringify(body),
  })
const changed = async (user: TestUser, id: string, body: object) => {
  const reply = await change(user, id, body)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}

const start = '2030-01-01T09:00:00Z'

describe('200', () => {
  test.each(['PUT', 'PATCH'])('%s changes what is given and leaves the rest', async (method) => {
    const user = await signIn()
    const before = await startSeries(user, { description: 'old', tags: ['a'], start_date: start })
    const body = { title: 'Updated Title', is_active: false }
    const reply = await app.request(`/api/recurring-tasks/${before.id}`, {
      method,
      headers: user.headers,
      body: JSON.stringify(body),
    })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"2"')
    const after = await bodyOf(reply, Reply)
    const { effect, ...changed } = after
    expect(changed).toEqual({ ...before, ...body, version: 2, updated_at: after.updated_at })
    expect(effect.summary).toBe('1 open task changes')
    expect(Temporal.Instant.compare(after.updated_at, before.updated_at)).toBe(1)
    expect((await seriesEventsOf(before.id)).at(-1)).toMatchObject({
      event_type: 'recurring-task.updated',
      event_data: {
        recurring_task_id: before.id,
        title: 'Updated Title',
        is_active: false,
        version: 2,
        changes: { title: ['Weekly review', 'Updated Title'], is_active: [true, false] },
      },
      cause: { by: 'user' },
    })
  })

  test('null clears the description and the end', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { description: 'x', start_date: start, end_date: '2030-02-01' })
    const after = await changed(user, id, { description: null, end_date: null })
    expect(after).toMatchObject({ description: null, end_date: null })
  })

  test.each<[string, object]>([
    ['nothing', {}],
    ['what is so already', { title: 'Weekly review', tags: ['a'], is_active: true, start_date: start }],
  ])('%s changes nothing: no version, no event', async (_, body) => {
    const user = await signIn()
    const before = await startSeries(user, { tags: ['a'], start_date: start })
    const { effect, ...after } = await changed(user, before.id, body)
    expect([after, effect.summary]).toEqual([before, 'Nothing changes'])
    expect(await seriesEventsOf(before.id)).toHaveLength(1)
  })

  test('the open task follows the template; the next one the new rule', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: '2030-01-01T09:00:00Z' })
    const after = await changed(user, id, { title: 'Daily review', recurrence_type: 'daily' })
    expect(after.next_due_at).toBe('2030-01-02T09:00:00Z')
    expect(await tasksOfSeries(id)).toMatchObject([
      { title: 'Daily review', due_date: '2030-01-01T09:00:00Z' },
    ])
    await travelTo('2030-01-02T09:00:01Z')
    await makeDue(id)
    expect(await tasksOfSeries(id)).toMatchObject([
      { status: 'missed' },
      { title: 'Daily review', due_date: '2030-01-02T09:00:00Z', status: 'open' },
    ])
    await travelTo('2029-01-01T00:00:00Z')
  })

  test('a stopped series makes nothing; resumed, it goes on with the next occurrence from then', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: '2030-01-01T09:00:00Z' })
    await changed(user, id, { is_active: false })
    await travelTo('2030-03-01T08:00:00Z')
    await scan()
    expect(await announced(id)).toEqual([])
    expect(await changed(user, id, { is_active: true })).toMatchObject({
      is_active: true,
      next_due_at: '2030-03-05T09:00:00Z',
    })
    expect(await seriesNow(id)).toMatchObject({ settled_through: '2030-02-26T09:00:00' })
    await makeDue(id)
    expect(await tasksOfSeries(id)).toHaveLength(1)
    await travelTo('2030-03-05T09:00:01Z')
    await makeDue(id)
    expect(await tasksOfSeries(id)).toMatchObject([{}, { due_date: '2030-03-05T09:00:00Z' }])
  })

  test('exactly one of several changes with the same If-Match wins', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: start })
    const replies = await Promise.all(
      ['a', 'b', 'c', 'd'].map((title) => change(user, id, { title }, { 'if-match': '"1"' })),
    )
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412])
    const winner = await bodyOf(
      replies.find(({ status }) => status === 200)!,
      Reply,
    )
    expect(await seriesNow(id)).toMatchObject({ title: winner.title, version: 2 })
    expect(await seriesEventsOf(id)).toHaveLength(2)
  })
})

describe('409', () => {
  test('a series that has come to its end is not resumed without a later end', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: start, end_date: '2030-01-01' })
    const reply = await change(user, id, { is_active: true })
    expect(reply.status).toBe(409)
    expect((await problemOf(reply)).code).toBe('conflict')
    expect(await seriesNow(id)).toMatchObject({ is_active: false, version: 1 })
    expect(await seriesEventsOf(id)).toHaveLength(1)
  })
})

describe('412', () => {
  test('a change of what has changed since is refused, also one that would change nothing', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: start })
    await changed(user, id, { title: 'mine' })
    for (const body of [{ title: 'theirs' }, {}]) {
      const reply = await change(user, id, body, { 'if-match': '"1"' })
      expect(reply.status).toBe(412)
      expect((await problemOf(reply)).code).toBe('version_mismatch')
    }
    expect(await seriesNow(id)).toMatchObject({ title: 'mine', version: 2 })
  })
})

describe('400', () => {
  test.each<[string, object, string]>([
    ['an empty title', { title: ' ' }, 'title'],
    ['a title of null', { title: null }, 'title'],
    ['an interval of 0', { recurrence_interval: 0 }, 'recurrence_interval'],
    ['an interval of a billion', { recurrence_interval: 1e9 }, 'recurrence_interval'],
    ['an end before the start', { end_date: '2029-12-31' }, 'end_date'],
    ['a start behind the end', { start_date: '2030-02-02T09:00:00Z' }, 'end_date'],
    ['a start of another form than the end', { start_date: '2030-01-01' }, 'end_date'],
    ['a start of null', { start_date: null }, 'start_date'],
    ['a state that is no state', { is_active: 'no' }, 'is_active'],
    ['a field that only we set', { version: 7 }, 'version'],
  ])('%s: names the field, changes nothing', async (_, body, field) => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: start, end_date: '2030-02-01T09:00:00Z' })
    const before = await seriesNow(id)
    const reply = await change(user, id, body)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
    expect(await seriesNow(id)).toEqual(before)
    expect(await seriesEventsOf(id)).toHaveLength(1)
  })
})
