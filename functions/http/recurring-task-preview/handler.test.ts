import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { startSeries } from '../../../shared/testing/series.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'POST', path: '/api/recurring-tasks/preview', body: { recurrence_type: 'daily' } })

const request = (user: TestUser, body: object) =>
  app.request('/api/recurring-tasks/preview', {
    method: 'POST',
    headers: user.headers,
    body: JSON.stringify(body),
  })

async function preview(user: TestUser, body: object) {
  const reply = await request(user, body)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}

describe('200', () => {
  test('the last day of shorter months, with the reason, and back to the 31st', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const { items, sentence } = await preview(user, {
      recurrence_type: 'monthly',
      start_date: '2026-01-31',
      count: 4,
    })
    expect(items.map(({ occurrence, due_date, note }) => [occurrence, due_date, note])).toEqual([
      ['2026-01-31', '2026-01-31', null],
      ['2026-02-28', '2026-02-28', expect.stringMatching(/31st/)],
      ['2026-03-31', '2026-03-31', null],
      ['2026-04-30', '2026-04-30', expect.stringMatching(/31st/)],
    ])
    expect(items[0]!.due_at).toBe('2026-01-31T23:00:00Z')
    expect(sentence).toMatch(/^Every month/)
  })

  test('a time that the clocks skip shifts forward, and says so', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const body = { recurrence_type: 'daily', start_date: '2026-03-28T02:30:00', count: 3 }
    const { items } = await preview(user, body)
    expect(items.map(({ due_at }) => due_at)).toEqual([
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:30:00Z',
      '2026-03-30T00:30:00Z',
    ])
    expect(items.map(({ note }) => note)).toEqual([null, expect.stringMatching(/clocks go forward/), null])
  })

  test('in the language that is asked for', async () => {
    const user = await signIn()
    const body = { recurrence_type: 'monthly', start_date: '2026-01-31', count: 2 }
    const german = { ...user, headers: { ...user.headers, 'accept-language': 'de-AT, en;q=0.5' } }
    const { items, sentence } = await preview(german, body)
    expect(sentence).toBe('Jeden Monat am 31. (in kürzeren Monaten am letzten Tag)')
    expect(items[1]!.note).toBe('der Monat hat keinen 31.')
  })

  test('no more dates than the series has', async () => {
    const body = { recurrence_type: 'daily', start_date: '2026-01-01', end_date: '2026-01-02', count: 10 }
    const { items } = await preview(await signIn(), body)
    expect(items.map(({ occurrence }) => occurrence)).toEqual(['2026-01-01', '2026-01-02'])
  })

  test('without a start, from the present minute of the user', async () => {
    await travelTo('2026-06-01T12:34:56Z')
    const { items } = await preview(await signIn({ time_zone: 'Europe/Berlin' }), {
      recurrence_type: 'weekly',
    })
    expect(items[0]).toMatchObject({ due_date: '2026-06-01T14:34:00', due_at: '2026-06-01T12:34:00Z' })
    expect(items).toHaveLength(5)
  })

  test('what it tells is what a create makes, and it makes nothing itself', async () => {
    const user = await signIn({ time_zone: 'America/New_York' })
    const fields = {
      title: 'x',
      recurrence_type: 'monthly',
      recurrence_interval: 2,
      start_date: '2026-12-31T09:00:00',
    }
    const { items } = await preview(user, fields)
    expect(await sql`select 1 from recurring_tasks where user_id = ${user.id}`).toHaveLength(0)
    const series = await startSeries(user, fields)
    const [task] =
      await sql`select occurrence, due_date, due_at from tasks where recurring_task_id = ${series.id}`
    expect(task).toMatchObject({
      due_date: items[0]!.due_date,
      due_at: items[0]!.due_at,
      occurrence: items[0]!.occurrence,
    })
    expect(series.next_due_at).toBe(items[1]!.due_at)
  })
})

describe('a change of a series', () => {
  const start = async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const series = await startSeries(user, { start_date: '2030-01-01T09:00:00Z' })
    return { user, series }
  }

  test('is told by what it would do, and nothing is done', async () => {
    const { user, series } = await start()
    const change = { recurring_task_id: series.id, start_date: '2030-01-04T09:00:00Z' }
    const { items, effect, sentence } = await preview(user, { ...change, count: 2 })
    expect(items.map(({ due_date }) => due_date)).toEqual(['2030-01-04T09:00:00Z', '2030-01-11T09:00:00Z'])
    expect(sentence).toBe('Every week on Friday')
    expect(effect).toMatchObject({
      dates_changed: 53,
      tasks_cancelled: 1,
      reminders_cancelled: 1,
      conflicts: [],
    })
    const [row] = await sql`select version, start_date from recurring_tasks where id = ${series.id}`
    expect(row).toEqual({ version: 1, start_date: '2030-01-01T09:00:00Z' })
  })

  test('from one occurrence on counts from there', async () => {
    const { user, series } = await start()
    const change = { recurring_task_id: series.id, occurrence: '2030-01-15T09:00:00', recurrence_interval: 2 }
    const { items, effect } = await preview(user, { ...change, count: 2 })
    expect(items.map(({ due_date }) => due_date)).toEqual(['2030-01-15T09:00:00Z', '2030-01-29T09:00:00Z'])
    expect(effect).toMatchObject({ dates_changed: 26, tasks_cancelled: 0 })
  })

  test("of another user's series is a 404", async () => {
    const { series } = await start()
    expect((await request(await signIn(), { recurring_task_id: series.id })).status).toBe(404)
  })
})

describe('400', () => {
  test.each([
    [{}, 'recurrence_type'],
    [{ recurrence_type: 'daily', count: 0 }, 'count'],
    [{ recurrence_type: 'daily', count: 101 }, 'count'],
    [{ recurrence_type: 'daily', recurrence_interval: 1e9 }, 'recurrence_interval'],
    [{ recurrence_type: 'daily', start_date: '2026-02-30' }, 'start_date'],
    [{ recurrence_type: 'daily', start_date: '2026-02-02', end_date: '2026-02-01' }, 'end_date'],
  ])('%j names %s', async (body, field) => {
    const reply = await request(await signIn(), body)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
  })
})
