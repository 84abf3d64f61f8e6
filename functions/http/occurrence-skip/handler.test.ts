import { afterEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import {
  complete,
  hiddenOccurrences,
  makeDue,
  seriesNow,
  startSeries,
  tasksOfSeries,
} from '../../../shared/testing/series.ts'
import { eventsOf, remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
afterEach(() => travel('0'))
refusals(app, {
  method: 'POST',
  path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057/occurrences/2030-01-01/skip',
})
hiddenOccurrences(app, { method: 'POST', verb: '/skip' })

const post = (user: TestUser, id: string, key: string) =>
  app.request(`/api/recurring-tasks/${id}/occurrences/${key}/skip`, { method: 'POST', headers: user.headers })
const skip = async (user: TestUser, id: string, key: string) => {
  const reply = await post(user, id, key)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}
const daily = { recurrence_type: 'daily', start_date: '2030-01-01T09:00:00Z' }

describe('200', () => {
  test('the open task is skipped with its reminder, and the series goes on with the next', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    expect(await skip(user, id, '2030-01-01T09:00:00')).toMatchObject({
      skipped: ['2030-01-01T09:00:00'],
      next: { occurrence: '2030-01-02T09:00:00', due_at: '2030-01-02T09:00:00Z' },
    })
    const [skipped, next] = await tasksOfSeries(id)
    expect(skipped).toMatchObject({ status: 'skipped', completed_at: null })
    expect(next).toMatchObject({ status: 'open', missed_count: 0 })
    expect((await eventsOf(skipped!.id)).at(-1)).toMatchObject({ event_type: 'task.skipped' })
    expect(await remindersOf(skipped!.id)).toMatchObject([{ state: 'cancelled' }])
    expect(await remindersOf(next!.id)).toMatchObject([
      { state: 'planned', remind_at: '2030-01-02T09:00:00Z' },
    ])
  })

  test('one that is still to come is never made, and counts as one of the rule', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, {
      recurrence_rule: 'FREQ=DAILY;COUNT=3',
      start_date: '2030-01-01T09:00:00Z',
    })
    expect(await skip(user, id, '2030-01-02T09:00:00')).toEqual({
      skipped: ['2030-01-02T09:00:00'],
      next: null,
    })
    expect(await seriesNow(id)).toMatchObject({ next_occurrence: '2030-01-03T09:00:00' })
    const [open] = await tasksOfSeries(id)
    expect(await complete(user, open!.id)).toMatchObject({ next: { occurrence: '2030-01-03T09:00:00' } })
    expect((await tasksOfSeries(id)).at(-1)).toMatchObject({ occurrence_number: 3, occurrence_count: 3 })
    expect(await seriesNow(id)).toMatchObject({ is_active: false, next_due_at: null })
  })

  test('`overdue` skips every open one whose time has come, and makes one next', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, { ...daily, catch_up: 'keep_all' })
    for (const day of ['02', '03', '04']) {
      await travelTo(`2030-01-${day}T09:00:01Z`)
      await makeDue(id)
    }
    expect(await tasksOfSeries(id)).toHaveLength(4)
    const { skipped, next } = await skip(user, id, 'overdue')
    expect([skipped.length, next?.occurrence]).toEqual([4, '2030-01-05T09:00:00'])
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual([
      'skipped',
      'skipped',
      'skipped',
      'skipped',
      'open',
    ])
    expect(await skip(user, id, 'overdue')).toEqual({ skipped: [], next: null })
  })

  test('by completion the next counts from today', async () => {
    await travelTo('2030-01-05T12:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, { ...daily, recurrence_interval: 3, mode: 'completion' })
    expect(await skip(user, id, '2030-01-01T09:00:00')).toMatchObject({
      next: { due_at: '2030-01-08T09:00:00Z' },
    })
  })
})

describe('404', () => {
  test.each([
    ['a date that the rule does not have', '2030-01-02T10:00:00'],
    ['what is no date', 'nonsense'],
    ['what no text can hold', '2030-01-01%00'],
    ['a day that does not exist', '2030-02-30'],
  ])('%s: nothing is written', async (_, key) => {
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    expect((await post(user, id, key)).status).toBe(404)
    const rows = await sql`select * from virtual_occurrences where recurring_task_id = ${id}`
    expect(rows).toHaveLength(0)
  })
})

describe('409', () => {
  test('one that is done is not skipped', async () => {
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, daily)
    await complete(user, open_task_id!)
    const reply = await post(user, id, '2030-01-01T09:00:00')
    expect(reply.status).toBe(409)
    expect((await problemOf(reply)).code).toBe('conflict')
  })
})
