import { afterEach, describe, expect, test } from 'vitest'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { complete, hiddenSeries, makeDue, startSeries } from '../../../shared/testing/series.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import occurrenceSkip from '../occurrence-skip/handler.ts'
import taskReopen from '../task-reopen/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
afterEach(() => travel('0'))
refusals(app, {
  method: 'GET',
  path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057/occurrences',
})
hiddenSeries(app, { method: 'GET', path: '/occurrences' })

const get = (user: TestUser, id: string, query = '') =>
  app.request(`/api/recurring-tasks/${id}/occurrences${query}`, { headers: user.headers })
const list = async (user: TestUser, id: string, query = '') => {
  const reply = await get(user, id, query)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}
const daily = { recurrence_type: 'daily', start_date: '2030-01-01' }

describe('200', () => {
  test('past and coming, in the order of their due dates, each with what became of it', async () => {
    await travelTo('2030-01-01T12:00:00Z')
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, daily)
    await complete(user, open_task_id!)
    await travelTo('2030-01-05T12:00:00Z')
    await makeDue(id)
    await occurrenceSkip.request(`/api/recurring-tasks/${id}/occurrences/2030-01-07/skip`, {
      method: 'POST',
      headers: user.headers,
    })
    const { items, truncated } = await list(user, id, '?from=2030-01-01&to=2030-01-09')
    expect(truncated).toBe(false)
    expect(items.map(({ occurrence, state, task_id }) => [occurrence, state, task_id !== null])).toEqual([
      ['2030-01-01', 'done', true],
      ['2030-01-02', 'missed', true],
      ['2030-01-03', 'missed', false],
      ['2030-01-04', 'missed', false],
      ['2030-01-05', 'open', true],
      ['2030-01-06', 'planned', false],
      ['2030-01-07', 'skipped', false],
      ['2030-01-08', 'planned', false],
    ])
    expect(items[0]).toMatchObject({
      closed_by: expect.any(String),
      closed_at: expect.stringMatching(/^2030-01-01T12:/),
    })
    expect(items[2]).toMatchObject({
      due_at: '2030-01-04T00:00:00Z',
      closed_at: expect.stringMatching(/^2030-01-05T12:/),
    })
  })

  test('one that was retracted and then missed is told once', async () => {
    await travelTo('2030-01-01T12:00:00Z')
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, daily)
    await complete(user, open_task_id!)
    await taskReopen.request(`/api/tasks/${open_task_id}/reopen`, { method: 'POST', headers: user.headers })
    await travelTo('2030-01-03T12:00:00Z')
    await makeDue(id)
    const { items } = await list(user, id, '?from=2030-01-01&to=2030-01-04')
    expect(items.map(({ occurrence, state }) => [occurrence, state])).toEqual([
      ['2030-01-01', 'missed'],
      ['2030-01-02', 'missed'],
      ['2030-01-03', 'open'],
    ])
  })

  test('of a rule with COUNT each is numbered, and of clocks that change it is said why', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const { id } = await startSeries(user, {
      recurrence_rule: 'FREQ=DAILY;COUNT=3',
      start_date: '2030-03-30T02:30:00',
    })
    const { items } = await list(user, id, '?from=2030-03-01&to=2030-05-01')
    expect(items).toMatchObject([
      { number: 1, state: 'open' },
      { number: 2, note: expect.stringContaining('clocks go forward'), due_at: '2030-03-31T01:30:00Z' },
      { number: 3, note: null },
    ])
  })

  test('at most a thousand, and says that there are more', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, {
      recurrence_rule: 'FREQ=MINUTELY',
      start_date: '2030-01-01T00:00:00Z',
    })
    const { items, truncated } = await list(user, id, '?from=2030-01-01&to=2031-01-01')
    expect([items.length, truncated]).toEqual([1_000, true])
  })

  test('by completion only what is known', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { ...daily, mode: 'completion' })
    expect((await list(user, id, '?from=2030-01-01&to=2031-01-01')).items).toMatchObject([{ state: 'open' }])
  })
})

test('400: a window that is none', async () => {
  const user = await signIn()
  const { id } = await startSeries(user, daily)
  const reply = await get(user, id, '?from=yesterday')
  expect(reply.status).toBe(400)
  expect((await problemOf(reply)).errors?.map(({ field }) => field)).toEqual(['query.from'])
})
