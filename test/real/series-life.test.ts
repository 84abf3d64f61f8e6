/** The life of a series, as people complain about it elsewhere: each test is named for what happens here. */
import { afterEach, describe, expect, test } from 'vitest'
import occurrenceSkip from '../../functions/http/occurrence-skip/handler.ts'
import recurringTaskPreview from '../../functions/http/recurring-task-preview/handler.ts'
import recurringTaskUpdate from '../../functions/http/recurring-task-update/handler.ts'
import taskList from '../../functions/http/task-list/handler.ts'
import taskReopen from '../../functions/http/task-reopen/handler.ts'
import taskUpdate from '../../functions/http/task-update/handler.ts'
import { travel, travelTo, useDatabase } from '../../shared/testing/database.ts'
import {
  announced,
  complete,
  deliver,
  makeDue,
  scan,
  seriesNow,
  startSeries,
  tasksOfSeries,
} from '../../shared/testing/series.ts'
import { eventsOf, notify, remindersOf } from '../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../shared/testing/user.ts'

useDatabase()
afterEach(() => travel('0'))

/** Monday to be done at eight, every day or week; it is that morning, in Berlin. */
const monday = '2026-09-07T08:00:00'
async function start(fields: object = {}, time_zone = 'Europe/Berlin') {
  await travelTo('2026-09-07T04:00:00Z')
  const user = await signIn({ time_zone })
  const series = await startSeries(user, { recurrence_type: 'daily', start_date: monday, ...fields })
  return { user, id: series.id, first: series.open_task_id! }
}
/** Lets the system run at an instant. */
const runAt = async (id: string, instant: string) => {
  await travelTo(instant)
  await makeDue(id)
}
const outcomes = async (id: string) =>
  (await tasksOfSeries(id)).map(({ occurrence, status }) => [occurrence.slice(5, 10), status])
const open = async (id: string) => (await tasksOfSeries(id)).filter(({ status }) => status === 'open')
const request = (user: TestUser, method: string, body?: object) => ({
  method,
  headers: user.headers,
  ...(body && { body: JSON.stringify(body) }),
})

describe('completing', () => {
  test('one occurrence leaves the series and all others alone', async () => {
    const { user, id, first } = await start()
    await complete(user, first)
    expect(await seriesNow(id)).toMatchObject({ is_active: true, version: 1 })
    expect(await outcomes(id)).toEqual([
      ['09-07', 'done'],
      ['09-08', 'open'],
    ])
  })

  test('leaves it done: it does not open again by itself, and is there to be seen', async () => {
    const { user, id, first } = await start()
    await complete(user, first)
    await runAt(id, '2026-09-10T06:00:01Z')
    const reply = await taskList.request('/api/tasks?status=done', { headers: user.headers })
    expect(await reply.json()).toMatchObject({ total: 1, items: [{ id: first, status: 'done' }] })
  })

  test('twice is once', async () => {
    const { user, id, first } = await start()
    const [one, two] = await Promise.all([complete(user, first), complete(user, first)])
    expect(one).toEqual(two)
    expect(await complete(user, first)).toEqual(one)
    expect(await outcomes(id)).toHaveLength(2)
  })

  test.each([
    ['daily', '2026-09-09T08:00:00Z', ['09-07', '09-08'], '2026-09-10T06:00:00Z'],
    ['daily', '2026-09-09T05:45:00Z', ['09-07'], '2026-09-09T06:00:00Z'],
    ['weekly', '2026-09-30T10:00:00Z', ['09-07', '09-14', '09-21'], '2026-10-05T06:00:00Z'],
  ])(
    '%s, at %s: %j were missed, and the next is in the future',
    async (recurrence_type, now, missed, due_at) => {
      const { user, id } = await start({ recurrence_type })
      await runAt(id, now)
      const [card] = await open(id)
      expect(card).toMatchObject({ missed_count: missed.length, overdue_since: '2026-09-07T06:00:00Z' })
      expect((await complete(user, card!.id)).next).toMatchObject({ due_at })
      const list = (await outcomes(id)).filter(([, status]) => status === 'missed')
      expect(list[0]).toEqual(['09-07', 'missed'])
      expect((await open(id))[0]).toMatchObject({ missed_count: 0, overdue_since: null })
    },
  )

  test('before the scan has seen that later ones have come counts for the current one', async () => {
    const { user, id, first } = await start()
    await travelTo('2026-09-09T08:00:00Z')
    const done = await complete(user, first)
    expect(done).toMatchObject({
      occurrence: '2026-09-09T08:00:00',
      next: { due_at: '2026-09-10T06:00:00Z' },
    })
    expect(await outcomes(id)).toEqual([
      ['09-07', 'missed'],
      ['09-09', 'done'],
      ['09-10', 'open'],
    ])
    expect(await complete(user, first)).toEqual(done)
  })

  test('in the evening counts for today where the user is, not for tomorrow in UTC', async () => {
    const { user, first } = await start({ start_date: '2026-09-07' }, 'America/New_York')
    await travelTo('2026-09-08T02:30:00Z')
    expect(await complete(user, first)).toMatchObject({
      occurrence: '2026-09-07',
      next: { due_date: '2026-09-08' },
    })
  })

  test('with the day on which it was done, counts from that day', async () => {
    const { user, first } = await start({ mode: 'completion', recurrence_interval: 10 })
    await travelTo('2026-09-20T12:00:00Z')
    expect(await complete(user, first, '2026-09-12T18:00:00Z')).toMatchObject({
      completed_at: '2026-09-12T18:00:00Z',
      next: { due_date: '2026-09-22T08:00:00' },
    })
  })
})

describe('what nobody did', () => {
  const absent = async (catch_up: string) => {
    const { user, id } = await start({ catch_up })
    for (const day of [8, 9, 10]) await runAt(id, `2026-09-${String(day).padStart(2, '0')}T06:00:01Z`)
    return { user, id }
  }

  test('keeps one card that tells how many were missed, since when', async () => {
    const { id } = await absent('keep_one')
    expect(await open(id)).toMatchObject([
      { occurrence: '2026-09-10T08:00:00', missed_count: 3, overdue_since: '2026-09-07T06:00:00Z' },
    ])
  })

  test('or starts afresh', async () => {
    const { id } = await absent('skip_missed')
    expect(await open(id)).toMatchObject([
      { occurrence: '2026-09-10T08:00:00', missed_count: 0, overdue_since: null },
    ])
  })

  test('or keeps every one, and one request skips them all', async () => {
    const { user, id } = await absent('keep_all')
    expect(await open(id)).toHaveLength(4)
    await occurrenceSkip.request(`/api/recurring-tasks/${id}/occurrences/overdue/skip`, request(user, 'POST'))
    expect(await open(id)).toMatchObject([{ occurrence: '2026-09-11T08:00:00' }])
  })

  test('of more than thirty kept ones the oldest are missed', async () => {
    const { id } = await start({ catch_up: 'keep_all' })
    await runAt(id, '2026-10-20T06:00:01Z')
    const kept = await open(id)
    expect([kept.length, kept[0]!.occurrence]).toEqual([30, '2026-09-21T08:00:00'])
  })
})

test('an occurrence whose due date was taken away stays open, and its series goes on without it', async () => {
  const { user, id, first } = await start()
  await taskUpdate.request(`/api/tasks/${first}`, request(user, 'PATCH', { due_date: null }))
  await runAt(id, '2026-09-08T06:00:01Z')
  const patch = request(user, 'PATCH', { title: 'Another' })
  expect((await recurringTaskUpdate.request(`/api/recurring-tasks/${id}`, patch)).status).toBe(200)
  expect(await open(id)).toMatchObject([
    { id: first, title: 'Another', due_date: null, due_at: null },
    { title: 'Another', occurrence: '2026-09-08T08:00:00', missed_count: 0 },
  ])
  await occurrenceSkip.request(`/api/recurring-tasks/${id}/occurrences/overdue/skip`, request(user, 'POST'))
  expect(await outcomes(id)).toEqual([
    ['09-07', 'open'],
    ['09-08', 'skipped'],
  ])
})

describe('the next occurrence', () => {
  test('is made although nothing ran for days: one task, one reminder, not one for every day', async () => {
    const { id } = await start()
    await runAt(id, '2026-09-20T12:00:00Z')
    const [card, ...others] = await open(id)
    expect(others).toEqual([])
    expect(await remindersOf(card!.id)).toMatchObject([
      { state: 'planned', remind_at: '2026-09-20T06:00:00Z' },
    ])
    expect(await tasksOfSeries(id)).toHaveLength(2)
  })

  test('is made once by two scans, by an event that comes twice, and by a completion at the same time', async () => {
    const { user, id, first } = await start()
    await travelTo('2026-09-08T06:00:01Z')
    await Promise.all([scan(), scan()])
    const [event, ...more] = await announced(id)
    expect(more).toEqual([])
    await Promise.all([deliver(event), deliver(event), complete(user, first)])
    const made = (await tasksOfSeries(id)).filter(({ occurrence }) => occurrence === '2026-09-08T08:00:00')
    expect(made).toHaveLength(1)
    const created = (await eventsOf(made[0]!.id)).filter(({ event_type }) => event_type === 'task.created')
    expect(created).toHaveLength(1)
    expect(await open(id)).toHaveLength(1)
  })

  test('that comes after a long way, when another has come since, is missed and not made', async () => {
    const { id } = await start()
    await travelTo('2026-09-08T06:00:01Z')
    await scan()
    await travelTo('2026-09-09T06:00:01Z')
    await scan()
    const [late, current] = await announced(id)
    await deliver(current)
    await deliver(late)
    expect(await open(id)).toMatchObject([{ occurrence: '2026-09-09T08:00:00', missed_count: 1 }])
    expect(await tasksOfSeries(id)).toHaveLength(2)
  })
})

describe('undo', () => {
  test('of a completion is one step: the task is open, due and reminded of as before, the next is gone', async () => {
    const { user, id, first } = await start()
    await complete(user, first)
    await taskReopen.request(`/api/tasks/${first}/reopen`, request(user, 'POST'))
    expect(await outcomes(id)).toEqual([
      ['09-07', 'open'],
      ['09-08', 'cancelled'],
    ])
    expect((await remindersOf(first)).map(({ state }) => state).toSorted()).toEqual(['cancelled', 'planned'])
    await runAt(id, '2026-09-08T06:00:01Z')
    expect(await outcomes(id)).toEqual([
      ['09-07', 'missed'],
      ['09-08', 'open'],
    ])
  })

  test.each<[string, (user: TestUser, next: string) => unknown]>([
    [
      'it was touched',
      (user, next) => taskUpdate.request(`/api/tasks/${next}`, request(user, 'PATCH', { priority: 1 })),
    ],
    ['its owner was told of it', (_, next) => notify(next)],
  ])('keeps the next when %s', async (_, happens) => {
    const { user, id, first } = await start()
    const { next } = await complete(user, first)
    await happens(user, next!.task_id)
    await taskReopen.request(`/api/tasks/${first}/reopen`, request(user, 'POST'))
    expect(await outcomes(id)).toEqual([
      ['09-07', 'open'],
      ['09-08', 'open'],
    ])
  })
})

describe('a change', () => {
  test('of another field leaves the rule as it is', async () => {
    const { user, id } = await start({
      recurrence_type: undefined,
      recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO,TH',
    })
    const patch = request(user, 'PATCH', { description: 'x' })
    const reply = await recurringTaskUpdate.request(`/api/recurring-tasks/${id}`, patch)
    expect(await reply.json()).toMatchObject({ recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO,TH' })
  })

  test('of the zone moves floating times and leaves fixed ones', async () => {
    const { id } = await start({ timezone: 'Europe/Berlin' }, 'Asia/Tokyo')
    expect(await open(id)).toMatchObject([{ due_at: '2026-09-07T06:00:00Z' }])
  })
})

test('the preview is what happens', async () => {
  const { user, id, first } = await start({ recurrence_type: 'monthly', start_date: '2026-10-31T08:00:00' })
  const body = { recurrence_type: 'monthly', start_date: '2026-10-31T08:00:00', count: 4 }
  const reply = await recurringTaskPreview.request(
    '/api/recurring-tasks/preview',
    request(user, 'POST', body),
  )
  const { items } = (await reply.json()) as { items: { due_at: string }[] }
  let task = first
  for (const item of items) {
    await travelTo(item.due_at)
    const done = await complete(user, task)
    expect(done.due_at).toBe(item.due_at)
    task = done.next!.task_id
  }
  expect((await tasksOfSeries(id)).slice(0, 4).map(({ due_at }) => due_at)).toEqual(
    items.map(({ due_at }) => due_at),
  )
})
