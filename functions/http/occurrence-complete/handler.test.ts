import { afterEach, describe, expect, test } from 'vitest'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import {
  hiddenOccurrences,
  makeDue,
  scan,
  announced,
  startSeries,
  tasksOfSeries,
} from '../../../shared/testing/series.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
afterEach(() => travel('0'))
refusals(app, {
  method: 'POST',
  path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057/occurrences/2030-01-01/complete',
  body: {},
})
hiddenOccurrences(app, { method: 'POST', verb: '/complete', body: {} })

const post = (user: TestUser, id: string, key: string, body: object = {}) =>
  app.request(`/api/recurring-tasks/${id}/occurrences/${key}/complete`, {
    method: 'POST',
    headers: user.headers,
    body: JSON.stringify(body),
  })
const completeBy = async (user: TestUser, id: string, key: string, body: object = {}) => {
  const reply = await post(user, id, key, body)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}
const daily = { recurrence_type: 'daily', start_date: '2030-01-01' }

describe('200', () => {
  test('the open one is done and the series goes on', async () => {
    await travelTo('2030-01-01T12:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    expect(await completeBy(user, id, '2030-01-01')).toMatchObject({
      status: 'done',
      occurrence: '2030-01-01',
      next: { occurrence: '2030-01-02' },
    })
  })

  test('one that was missed is done after all, with the day on which it was; the open one stays', async () => {
    await travelTo('2030-01-01T12:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    await travelTo('2030-01-05T12:00:00Z')
    await makeDue(id)
    const completed_at = '2030-01-03T20:00:00Z'
    expect(await completeBy(user, id, '2030-01-03', { completed_at })).toMatchObject({
      status: 'done',
      completed_at,
      next: null,
    })
    expect((await tasksOfSeries(id)).map(({ occurrence, status }) => [occurrence, status])).toEqual([
      ['2030-01-01', 'missed'],
      ['2030-01-03', 'done'],
      ['2030-01-05', 'open'],
    ])
  })

  test('one that is still to come is done in advance and not made again', async () => {
    await travelTo('2030-01-01T12:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    expect(await completeBy(user, id, '2030-01-02')).toMatchObject({ status: 'done' })
    await travelTo('2030-01-02T12:00:00Z')
    await scan()
    expect(await announced(id)).toEqual([])
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual(['open', 'done'])
  })

  test('twice is a no-op', async () => {
    await travelTo('2030-01-01T12:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    const first = await completeBy(user, id, '2030-01-01')
    expect(await completeBy(user, id, '2030-01-01')).toEqual(first)
    expect(await tasksOfSeries(id)).toHaveLength(2)
  })
})

test('400: a completion in the future is refused', async () => {
  const user = await signIn()
  const { id } = await startSeries(user, daily)
  const reply = await post(user, id, '2030-01-01', { completed_at: '2199-01-01T00:00:00Z' })
  expect(reply.status).toBe(400)
  expect((await problemOf(reply)).errors?.map(({ field }) => field)).toEqual(['completed_at'])
})

test('404: a key that the rule does not have', async () => {
  const user = await signIn()
  const { id } = await startSeries(user, { ...daily, recurrence_type: 'weekly' })
  expect((await post(user, id, '2030-01-02')).status).toBe(404)
})
