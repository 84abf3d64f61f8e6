import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { occurrenceId } from '../../../shared/data/identity.ts'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import {
  announced,
  deliver,
  makeDue,
  scan,
  seriesNow,
  startSeries,
  tasksOfSeries,
  type DueEvent,
} from '../../../shared/testing/series.ts'
import { eventsOf, remindersOf } from '../../../shared/testing/task.ts'
import { signIn } from '../../../shared/testing/user.ts'

useDatabase()
afterEach(() => travel('0'))

/** A weekly series whose second occurrence is announced and not made yet. */
async function announcedSeries(fields: object = {}) {
  await travelTo('2030-01-01T00:00:00Z')
  const user = await signIn({ time_zone: 'Europe/Berlin' })
  const { id } = await startSeries(user, { start_date: '2030-01-01T09:00:00', ...fields })
  await travelTo('2030-01-08T08:00:01Z')
  await scan()
  const [event] = (await announced(id)) as [DueEvent]
  return { id, user, event }
}

const createdEvents = async (id: string) =>
  (await tasksOfSeries(id)).map(async (task) =>
    (await eventsOf(task.id)).filter(({ event_type }) => event_type === 'task.created'),
  )

describe('a delivery', () => {
  test('is refused without the token of the sidecar', async () => {
    const { id, event } = await announcedSeries()
    expect((await deliver(event, 'wrong')).status).toBe(403)
    expect(await tasksOfSeries(id)).toHaveLength(1)
  })

  test('makes the task from the template, with its reminder and its event', async () => {
    const template = { title: 'Review', description: 'All of it', priority: 1, tags: ['work', 'team'] }
    const { id, user, event } = await announcedSeries(template)
    const reply = await deliver(event)
    expect([reply.status, await reply.json()]).toEqual([200, { status: 'SUCCESS' }])
    const [, task] = await tasksOfSeries(id)
    expect(task).toMatchObject({
      ...template,
      id: occurrenceId(id, '2030-01-08T09:00:00'),
      user_id: user.id,
      status: 'open',
      due_date: '2030-01-08T09:00:00',
      due_at: '2030-01-08T08:00:00Z',
      occurrence: '2030-01-08T09:00:00',
      version: 1,
    })
    expect(await remindersOf(task!.id)).toEqual([{ remind_at: '2030-01-08T08:00:00Z', state: 'planned' }])
    expect(await eventsOf(task!.id)).toMatchObject([
      {
        event_type: 'task.created',
        event_data: { task_id: task!.id, recurring_task_id: id, occurrence: '2030-01-08T09:00:00' },
      },
    ])
    const [logged] = await sql`select cause from task_event_log where task_id = ${task!.id}`
    expect(logged!['cause']).toMatchObject({ by: 'event', event_id: event.id })
    expect((await seriesNow(id)).last_created_at).toMatch(/^2030-01-08T08:00:/)
  })

  test('reminds of a date at the reminder time of its owner', async () => {
    const { id, event } = await announcedSeries({ start_date: '2030-01-01' })
    await deliver(event)
    const [, task] = await tasksOfSeries(id)
    expect(task).toMatchObject({ due_date: '2030-01-08', due_at: '2030-01-08T23:00:00Z' })
    expect(await remindersOf(task!.id)).toMatchObject([{ remind_at: '2030-01-08T08:00:00Z' }])
  })
})

describe('one task', () => {
  test('of an event that is delivered again, also at the same time', async () => {
    const { id, event } = await announcedSeries()
    const replies = await Promise.all([deliver(event), deliver(event), deliver(event)])
    expect((await deliver(event)).status).toBe(200)
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await tasksOfSeries(id)).toHaveLength(2)
    for (const events of await createdEvents(id)) expect(await events).toHaveLength(1)
  })

  test('of another event about the same occurrence, and what was made last stays the last', async () => {
    const { id, event } = await announcedSeries()
    await deliver(event)
    const { last_created_at } = await seriesNow(id)
    await travelTo('2030-01-09T00:00:00Z')
    expect((await deliver({ ...event, id: randomUUID() })).status).toBe(200)
    expect(await tasksOfSeries(id)).toHaveLength(2)
    for (const events of await createdEvents(id)) expect(await events).toHaveLength(1)
    expect(await seriesNow(id)).toMatchObject({ last_created_at })
  })

  test('that its owner has done or deleted meanwhile is left alone', async () => {
    const { id, event } = await announcedSeries()
    await deliver(event)
    await sql`
      update tasks
      set status = 'done', completed_at = clock_now(), deleted_at = clock_now()
      where recurring_task_id = ${id}`
    const before = await tasksOfSeries(id)
    await deliver({ ...event, id: randomUUID() })
    expect(await tasksOfSeries(id)).toEqual(before)
  })
})

describe('no task', () => {
  test.each([
    ['stopped', 'is_active = false'],
    ['deleted', 'deleted_at = clock_now(), is_active = false'],
    [
      'deleted after its end',
      'deleted_at = clock_now(), is_active = false, next_occurrence = null, next_due_at = null, next_created_at = null',
    ],
  ])('of a series that was %s meanwhile; the event is done with', async (_, state) => {
    const { id, event } = await announcedSeries()
    await sql`update recurring_tasks set ${sql.unsafe(state)} where id = ${id}`
    expect(await (await deliver(event)).json()).toEqual({ status: 'SUCCESS' })
    expect(await tasksOfSeries(id)).toHaveLength(1)
  })

  test('of a series of somebody else', async () => {
    const { id, event } = await announcedSeries()
    const { id: user_id } = await signIn()
    await deliver({ ...event, data: { ...(event.data as object), user_id } })
    expect(await tasksOfSeries(id)).toHaveLength(1)
  })

  test.each([
    ['null', null],
    ['another type', { type: 'todo.task.created.v1' }],
    ['data of another shape', { data: { recurring_task_id: 'x' } }],
  ])('of %s: it is dropped', async (_, change) => {
    const { id, event } = await announcedSeries()
    const reply = await deliver(change && { ...event, ...change })
    expect([reply.status, await reply.json()]).toEqual([200, { status: 'DROP' }])
    expect(await tasksOfSeries(id)).toHaveLength(1)
  })
})

describe('over time', () => {
  const dueDates = async (id: string) => (await tasksOfSeries(id)).map(({ due_date }) => due_date)

  test('monthly on the 31st: 31 January, 28 February, 31 March', async () => {
    await travelTo('2030-01-31T07:00:00Z')
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const { id, next_due_at } = await startSeries(user, {
      recurrence_type: 'monthly',
      start_date: '2030-01-31T09:00:00',
    })
    expect(next_due_at).toBe('2030-02-28T08:00:00Z')
    for (const instant of ['2030-02-28T08:00:01Z', '2030-03-28T12:00:00Z', '2030-03-31T07:00:01Z']) {
      await travelTo(instant)
      await makeDue(id)
    }
    expect(await dueDates(id)).toEqual(['2030-01-31T09:00:00', '2030-02-28T09:00:00', '2030-03-31T09:00:00'])
  })

  test('daily at half past two, over the day that has no half past two', async () => {
    await travelTo('2030-03-29T12:00:00Z')
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const { id } = await startSeries(user, { recurrence_type: 'daily', start_date: '2030-03-30T02:30:00' })
    for (const instant of ['2030-03-31T01:30:01Z', '2030-04-01T00:30:01Z']) {
      await travelTo(instant)
      await makeDue(id)
    }
    expect((await tasksOfSeries(id)).map(({ due_at }) => due_at)).toEqual([
      '2030-03-30T01:30:00Z',
      '2030-03-31T01:30:00Z',
      '2030-04-01T00:30:00Z',
    ])
  })

  test('the last occurrence is made although the series ends with it', async () => {
    await travelTo('2030-01-01T00:00:00Z')
    const { id } = await startSeries(await signIn(), { start_date: '2030-01-01', end_date: '2030-01-08' })
    await travelTo('2030-01-08T00:00:01Z')
    await makeDue(id)
    expect(await dueDates(id)).toEqual(['2030-01-01', '2030-01-08'])
    expect(await seriesNow(id)).toMatchObject({ is_active: false, next_due_at: null })
  })
})
