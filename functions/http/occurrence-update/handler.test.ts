import { afterEach, describe, expect, test } from 'vitest'
import { RecurringTask } from '../../../shared/contract/recurring-task.ts'
import { Task } from '../../../shared/contract/task.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import {
  complete,
  hiddenOccurrences,
  makeDue,
  seriesEventsOf,
  seriesNow,
  startSeries,
  tasksOfSeries,
} from '../../../shared/testing/series.ts'
import { remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'

useDatabase()
afterEach(() => travel('0'))
refusals(app, {
  method: 'PATCH',
  path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057/occurrences/2030-01-01',
  body: { scope: 'this', title: 'x' },
})
hiddenOccurrences(app, { method: 'PATCH', body: { scope: 'this', title: 'x' } })

const patch = (user: TestUser, id: string, key: string, body: object) =>
  app.request(`/api/recurring-tasks/${id}/occurrences/${key}`, {
    method: 'PATCH',
    headers: user.headers,
    body: JSON.stringify(body),
  })
const daily = { recurrence_type: 'daily', start_date: '2030-01-01T09:00:00Z' }

describe('this one', () => {
  test('the open task is changed and its key stays; the series goes on as planned', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    const reply = await patch(user, id, '2030-01-01T09:00:00', {
      scope: 'this',
      due_date: '2030-01-01T18:00:00Z',
    })
    expect(reply.status).toBe(200)
    const task = await bodyOf(reply, Task)
    expect(task).toMatchObject({ occurrence: '2030-01-01T09:00:00', overrides: ['due_date'] })
    expect((await remindersOf(task.id)).map(({ state, remind_at }) => [state, remind_at])).toEqual([
      ['cancelled', '2030-01-01T09:00:00Z'],
      ['planned', '2030-01-01T18:00:00Z'],
    ])
    expect(await complete(user, task.id)).toMatchObject({ next: { due_date: '2030-01-02T09:00:00Z' } })
  })

  test('moved ahead, it does not give way to the next', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    await patch(user, id, '2030-01-01T09:00:00', { scope: 'this', due_date: '2030-01-03T18:00:00Z' })
    await travelTo('2030-01-02T09:00:01Z')
    await makeDue(id)
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual(['open', 'open'])
    await travelTo('2030-01-04T09:00:01Z')
    await makeDue(id)
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual(['missed', 'missed', 'open'])
  })

  test('one that is still to come is made at once, with its change, and not made again', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    const reply = await patch(user, id, '2030-01-03T09:00:00', { scope: 'this', title: 'Special' })
    expect(await bodyOf(reply, Task)).toMatchObject({ title: 'Special', due_date: '2030-01-03T09:00:00Z' })
    await travelTo('2030-01-03T09:00:01Z')
    await makeDue(id)
    expect((await tasksOfSeries(id)).map(({ title, status }) => [title, status])).toEqual([
      ['Weekly review', 'missed'],
      ['Special', 'open'],
    ])
  })
})

describe('this and following', () => {
  test('the series ends before it, and another goes on; history stays with the old one', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, daily)
    await complete(user, open_task_id!)
    const reply = await patch(user, id, '2030-01-02T09:00:00', {
      scope: 'following',
      title: 'Later',
      start_date: '2030-01-02T18:00:00Z',
    })
    expect([reply.status, reply.headers.get('location')?.endsWith(id)]).toEqual([200, false])
    const next = await bodyOf(reply, RecurringTask)
    expect(next).toMatchObject({ continues_id: id, title: 'Later', next_due_at: '2030-01-03T18:00:00Z' })
    expect(await seriesNow(id)).toMatchObject({
      is_active: false,
      end_date: '2030-01-01T09:00:00Z',
      next_occurrence: null,
    })
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual(['done', 'cancelled'])
    expect(await tasksOfSeries(next.id)).toMatchObject([
      { title: 'Later', due_date: '2030-01-02T18:00:00Z', status: 'open' },
    ])
    expect((await seriesEventsOf(id)).map(({ event_type }) => event_type)).toEqual([
      'recurring-task.created',
      'recurring-task.updated',
    ])
  })

  test('monthly on the 31st, split in February, still knows the 31st', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { recurrence_type: 'monthly', start_date: '2030-01-31' })
    const next = await bodyOf(
      await patch(user, id, '2030-02-28', { scope: 'following', title: 'Rent' }),
      RecurringTask,
    )
    expect(next).toMatchObject({ start_date: '2030-02-28', next_due_at: '2030-04-01T00:00:00Z' })
  })

  test('a COUNT is shared out', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, {
      recurrence_rule: 'FREQ=WEEKLY;COUNT=10',
      start_date: '2030-01-01',
    })
    const next = await bodyOf(
      await patch(user, id, '2030-01-22', { scope: 'following', title: 'x' }),
      RecurringTask,
    )
    expect(next.count).toBe(7)
    expect(await seriesNow(id)).toMatchObject({
      recurrence_rule: 'FREQ=WEEKLY;COUNT=3',
      next_occurrence: '2030-01-08',
    })
  })

  test('what was changed or skipped ahead stays so', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    await patch(user, id, '2030-01-05T09:00:00', { scope: 'this', title: 'Special' })
    const next = await bodyOf(
      await patch(user, id, '2030-01-04T09:00:00', { scope: 'following', priority: 1 }),
      RecurringTask,
    )
    expect((await tasksOfSeries(next.id)).map(({ title, priority }) => [title, priority])).toEqual([
      ['Weekly review', 1],
      ['Special', 1],
    ])
  })

  test('of the first occurrence it is the whole series', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, daily)
    const reply = await patch(user, id, '2030-01-01T09:00:00', { scope: 'following', title: 'All' })
    expect(reply.status).toBe(200)
    expect(await bodyOf(reply, RecurringTask)).toMatchObject({ id, title: 'All' })
  })
})

describe('409', () => {
  test('a series is not split at what is done', async () => {
    await travelTo('2030-01-02T08:00:00Z')
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, daily)
    await complete(user, open_task_id!)
    const reply = await patch(user, id, '2030-01-01T09:00:00', { scope: 'following', title: 'x' })
    expect(reply.status).toBe(409)
    expect(await seriesEventsOf(id)).toHaveLength(1)
  })
})

test.each([
  ['no scope', { title: 'x' }, 'scope'],
  ['a scope that is none', { scope: 'some', title: 'x' }, 'scope'],
  ['a field of series for this one', { scope: 'this', recurrence_interval: 2 }, 'recurrence_interval'],
  [
    'a rule that never comes',
    { scope: 'following', recurrence_rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' },
    'recurrence_rule',
  ],
])('400: %s names the field and changes nothing', async (_, body, field) => {
  const user = await signIn()
  const { id } = await startSeries(user, daily)
  const reply = await patch(user, id, '2030-01-03T09:00:00', body)
  expect(reply.status).toBe(400)
  expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
  expect(await tasksOfSeries(id)).toHaveLength(1)
  expect(await seriesEventsOf(id)).toHaveLength(1)
})
