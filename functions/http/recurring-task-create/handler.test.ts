import { describe, expect, test } from 'vitest'
import { occurrenceId } from '../../../shared/data/identity.ts'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import {
  postSeries,
  seriesEventsOf,
  seriesNow,
  startSeries,
  tasksOfSeries,
} from '../../../shared/testing/series.ts'
import { eventsOf, remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, {
  method: 'POST',
  path: '/api/recurring-tasks',
  body: { title: 'x', recurrence_type: 'daily' },
})

const seriesOfUser = (user: TestUser) => sql`select id from recurring_tasks where user_id = ${user.id}`
const tasksOfUser = (user: TestUser) => sql`select id from tasks where user_id = ${user.id}`

const meeting = {
  title: 'Weekly Team Meeting',
  description: 'Standup meeting with the team',
  priority: 2,
  recurrence_type: 'weekly',
  recurrence_interval: 1,
  start_date: '2025-01-01T09:00:00Z',
  end_date: '2025-12-31T09:00:00Z',
}

describe('201', () => {
  test('the reply is the series, and its next date is the second occurrence', async () => {
    const user = await signIn({ time_zone: 'America/New_York' })
    const reply = await postSeries(user, meeting)
    expect(reply.status).toBe(201)
    const series = await bodyOf(reply, Reply)
    expect(series).toMatchObject({
      ...meeting,
      user_id: user.id,
      tags: [],
      next_due_at: '2025-01-08T09:00:00Z',
      is_active: true,
      version: 1,
    })
    expect(series.last_created_at).not.toBeNull()
    expect(reply.headers.get('location')).toBe(`/api/recurring-tasks/${series.id}`)
    expect(reply.headers.get('etag')).toBe('"1"')
  })

  test('series, first task, reminder and both events are written together', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { ...meeting, tags: ['team'] })
    const tasks = await tasksOfSeries(id)
    expect(tasks).toMatchObject([
      {
        id: occurrenceId(id, '2025-01-01T09:00:00'),
        user_id: user.id,
        title: 'Weekly Team Meeting',
        description: 'Standup meeting with the team',
        priority: 2,
        tags: ['team'],
        status: 'open',
        due_date: '2025-01-01T09:00:00Z',
        due_at: '2025-01-01T09:00:00Z',
        occurrence: '2025-01-01T09:00:00',
      },
    ])
    const [task] = tasks
    expect(await remindersOf(task!.id)).toEqual([{ remind_at: '2025-01-01T09:00:00Z', state: 'planned' }])
    expect(await eventsOf(task!.id)).toMatchObject([
      { event_type: 'task.created', event_data: { task_id: task!.id, recurring_task_id: id } },
    ])
    expect(await seriesEventsOf(id)).toMatchObject([
      {
        event_type: 'recurring-task.created',
        event_data: { recurring_task_id: id, user_id: user.id, title: 'Weekly Team Meeting', version: 1 },
        cause: { by: 'user' },
      },
    ])
  })

  test('with a title and a type alone it starts now, as a local time on the minute', async () => {
    await travelTo('2027-06-01T22:30:15Z')
    const series = await startSeries(await signIn({ time_zone: 'Asia/Kathmandu' }), {
      title: 'Daily Standup',
      recurrence_type: 'daily',
    })
    expect(series).toMatchObject({
      recurrence_interval: 1,
      priority: 2,
      start_date: '2027-06-02T04:15:00',
      end_date: null,
      next_due_at: '2027-06-02T22:30:00Z',
    })
    expect(await tasksOfSeries(series.id)).toMatchObject([{ due_at: '2027-06-01T22:30:00Z' }])
    await travel('0')
  })

  test.each([
    ['an instant', '2030-01-15T17:00:00Z', '2030-01-15T17:00:00Z', '2030-01-16T17:00:00Z'],
    ['a date, due as it ends where the user is', '2030-01-15', '2030-01-15', '2030-01-16T23:00:00Z'],
    ['a local time', '2030-01-15T17:00:00', '2030-01-15T17:00:00', '2030-01-16T16:00:00Z'],
    [
      'a local time in a fixed zone',
      '2030-01-15T17:00:00[America/New_York]',
      '2030-01-15T17:00:00[America/New_York]',
      '2030-01-16T22:00:00Z',
    ],
    [
      'an instant with an offset',
      '2030-01-15T17:00:00+05:00',
      '2030-01-15T12:00:00Z',
      '2030-01-16T12:00:00Z',
    ],
  ])('the start can be %s; every task has its form', async (_, start_date, due_date, next_due_at) => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const series = await startSeries(user, { recurrence_type: 'daily', start_date })
    expect(series).toMatchObject({ start_date, next_due_at })
    expect(await tasksOfSeries(series.id)).toMatchObject([{ due_date }])
  })

  test.each([
    ['skipped, moves forward', '2027-03-27T02:30:00', '2027-03-28T01:30:00Z'],
    ['repeated, means the first', '2027-10-30T02:30:00', '2027-10-31T00:30:00Z'],
  ])('a local time that a clock change has %s', async (_, start_date, next_due_at) => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    expect(await startSeries(user, { recurrence_type: 'daily', start_date })).toMatchObject({ next_due_at })
  })

  test.each([
    ['the very instant of the start', '2030-01-15T17:00:00Z'],
    ['the day of the start', '2030-01-15'],
    ['short of the second occurrence', '2030-01-22T16:59:59Z'],
  ])('an end that is %s leaves one occurrence and nothing to follow', async (_, end_date) => {
    const series = await startSeries(await signIn(), { start_date: '2030-01-15T17:00:00Z', end_date })
    expect(series).toMatchObject({ end_date, next_due_at: null, is_active: false })
    expect(await tasksOfSeries(series.id)).toHaveLength(1)
  })

  test('an end takes its own day in', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const fields = { start_date: '2030-01-15T23:30:00', end_date: '2030-01-22' }
    expect(await startSeries(user, fields)).toMatchObject({ next_due_at: '2030-01-22T22:30:00Z' })
  })

  test('the same Idempotency-Key gives one series with one task', async () => {
    const user = await signIn()
    const send = () => postSeries(user, meeting, { 'idempotency-key': 'k1' })
    const replies = await Promise.all([send(), send()])
    expect(new Set(await Promise.all(replies.map((reply) => reply.text()))).size).toBe(1)
    expect(await seriesOfUser(user)).toHaveLength(1)
    expect(await tasksOfUser(user)).toHaveLength(1)
  })

  test('what comes next is kept for the scan', async () => {
    const { id } = await startSeries(await signIn(), { start_date: '2030-01-15', recurrence_interval: 2 })
    expect(await seriesNow(id)).toMatchObject({
      settled_through: '2030-01-15',
      next_occurrence: '2030-01-29',
      next_due_at: '2030-01-30T00:00:00Z',
      next_created_at: '2030-01-29T00:00:00Z',
    })
  })
})

describe('a rule of RFC 5545', () => {
  const start_date = '2030-01-21T09:00:00'

  test('says what the simple form cannot, and is told whole and in words', async () => {
    const series = await startSeries(await signIn(), {
      recurrence_rule: 'FREQ=MONTHLY;BYDAY=3MO;COUNT=10',
      start_date,
    })
    expect(series).toMatchObject({
      recurrence_type: 'monthly',
      recurrence_interval: 1,
      recurrence_rule: 'FREQ=MONTHLY;COUNT=10;BYDAY=3MO',
      sentence: 'Every month on the 3rd Monday for 10 times',
      count: 10,
      month_end: 'skip',
      next_due_at: '2030-02-18T09:00:00Z',
    })
    expect(await tasksOfSeries(series.id)).toMatchObject([{ occurrence_number: 1, occurrence_count: 10 }])
    expect(series.open_task_id).toBe((await tasksOfSeries(series.id))[0]!.id)
  })

  test('its UNTIL is the end, and its SKIP the end of months', async () => {
    const rule = 'RSCALE=GREGORIAN;FREQ=MONTHLY;UNTIL=20300430T090000;SKIP=FORWARD'
    const series = await startSeries(await signIn(), {
      recurrence_rule: rule,
      start_date: '2030-01-31T09:00:00',
    })
    expect(series).toMatchObject({
      end_date: '2030-04-30T09:00:00',
      month_end: 'forward',
      recurrence_rule: rule,
      next_due_at: '2030-03-01T09:00:00Z',
    })
  })

  test('that is the simple form is kept as it, but for the end of months', async () => {
    const user = await signIn()
    const given = { start_date: '2030-01-31', recurrence_rule: 'FREQ=MONTHLY' }
    expect(await startSeries(user, given)).toMatchObject({
      month_end: 'skip',
      next_due_at: '2030-04-01T00:00:00Z',
    })
    expect(await startSeries(user, { ...given, month_end: 'clamp' })).toMatchObject({
      recurrence_rule: 'RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD',
      next_due_at: '2030-03-01T00:00:00Z',
    })
  })

  test('without a start begins with its first date from now', async () => {
    await travelTo('2030-01-23T10:20:30Z')
    const series = await startSeries(await signIn(), { recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO' })
    expect(series).toMatchObject({ start_date: '2030-01-28T10:20:00', next_due_at: '2030-02-04T10:20:00Z' })
    await travel('0')
  })

  test('by hours is elapsed time: the hour that comes twice comes twice', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const hourly = { recurrence_rule: 'FREQ=HOURLY', start_date: '2027-10-31T02:30:00' }
    expect(await startSeries(user, hourly)).toMatchObject({
      recurrence_type: 'hourly',
      next_due_at: '2027-10-31T01:30:00Z',
    })
  })
})

describe('the zone', () => {
  test.each([
    [
      'fixes a local start',
      { start_date: '2030-06-01T09:00:00', timezone: 'Europe/Berlin' },
      '2030-06-01T09:00:00[Europe/Berlin]',
      'Europe/Berlin',
      '2030-06-02T07:00:00Z',
    ],
    [
      'gives an instant a clock to follow',
      { start_date: '2030-03-30T12:00:00Z', timezone: 'Europe/Berlin' },
      '2030-03-30T12:00:00Z',
      'Europe/Berlin',
      '2030-03-31T11:00:00Z',
    ],
    [
      'of an instant without one is UTC',
      { start_date: '2030-03-30T01:00:00Z' },
      '2030-03-30T01:00:00Z',
      'UTC',
      '2030-03-31T01:00:00Z',
    ],
    [
      'of a local start is that of its owner',
      { start_date: '2030-06-01T09:00:00' },
      '2030-06-01T09:00:00',
      null,
      '2030-06-02T00:00:00Z',
    ],
  ])('%s', async (_, fields, start_date, timezone, next_due_at) => {
    const user = await signIn({ time_zone: 'Asia/Tokyo' })
    expect(await startSeries(user, { recurrence_type: 'daily', ...fields })).toMatchObject({
      start_date,
      timezone,
      next_due_at,
    })
  })
})

describe('reminders', () => {
  test('are planned for every task, by calendar days and exact hours before it is due', async () => {
    await travelTo('2030-03-20T00:00:00Z')
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const series = await startSeries(user, {
      recurrence_type: 'daily',
      start_date: '2030-03-31T08:00:00',
      reminders: ['P1D', 'PT24H', 'PT0S'],
    })
    const [task] = await tasksOfSeries(series.id)
    expect((await remindersOf(task!.id)).map(({ remind_at }) => remind_at)).toEqual([
      // The clocks go forward that night: a day before is eight o'clock, 24 hours before is seven.
      '2030-03-30T06:00:00Z',
      '2030-03-30T07:00:00Z',
      '2030-03-31T06:00:00Z',
    ])
    await travel('0')
  })

  test('whose instant has passed are left out, but for the last', async () => {
    await travelTo('2030-03-20T07:30:00Z')
    const reminders = ['P1D', 'PT1H', 'PT15M']
    const future = await startSeries(await signIn(), { start_date: '2030-03-20T08:00:00Z', reminders })
    const past = await startSeries(await signIn(), { start_date: '2030-03-19T08:00:00Z', reminders })
    const planned = async (id: string) =>
      (await remindersOf((await tasksOfSeries(id))[0]!.id)).map(({ remind_at }) => remind_at)
    expect(await planned(future.id)).toEqual(['2030-03-20T07:45:00Z'])
    expect(await planned(past.id)).toEqual(['2030-03-19T07:45:00Z'])
    await travel('0')
  })
})

describe('400', () => {
  test.each<[string, object, string]>([
    ['a rule beside a type', { recurrence_rule: 'FREQ=DAILY' }, 'recurrence_type'],
    [
      'a rule that is none',
      { recurrence_type: undefined, recurrence_interval: undefined, recurrence_rule: 'FREQ=OFTEN' },
      'recurrence_rule',
    ],
    [
      'a rule that never comes',
      {
        recurrence_type: undefined,
        recurrence_interval: undefined,
        end_date: null,
        recurrence_rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      },
      'recurrence_rule',
    ],
    [
      'a start that the rule does not have',
      { recurrence_type: undefined, recurrence_interval: undefined, recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO' },
      'start_date',
    ],
    [
      'an end beside a COUNT',
      { recurrence_type: undefined, recurrence_interval: undefined, recurrence_rule: 'FREQ=DAILY;COUNT=3' },
      'end_date',
    ],
    [
      'an end beside an UNTIL',
      {
        recurrence_type: undefined,
        recurrence_interval: undefined,
        recurrence_rule: 'FREQ=DAILY;UNTIL=20260101T000000Z',
      },
      'end_date',
    ],
    ['a zone that is none', { timezone: 'Mars/Olympus' }, 'timezone'],
    ['a zone of a date', { start_date: '2025-01-01', end_date: null, timezone: 'Europe/Berlin' }, 'timezone'],
    [
      'a zone beside that of the start',
      { start_date: '2025-01-01T09:00:00[Europe/Paris]', timezone: 'Europe/Berlin' },
      'timezone',
    ],
    ['a mode that is none', { mode: 'sometimes' }, 'mode'],
    ['a policy that is none', { catch_up: 'all' }, 'catch_up'],
    ['a reminder that is none', { reminders: ['soon'] }, 'reminders.0'],
    ['a reminder after the due time', { reminders: ['-PT1H'] }, 'reminders.0'],
    ['a reminder twice', { reminders: ['PT1H', 'PT1H'] }, 'reminders'],
    ['no title', { title: undefined }, 'title'],
    ['no type', { recurrence_type: undefined }, 'recurrence_type'],
    ['a type that is not known', { recurrence_type: 'hourly' }, 'recurrence_type'],
    ['an interval of 0', { recurrence_interval: 0 }, 'recurrence_interval'],
    ['an interval of a billion', { recurrence_interval: 1e9 }, 'recurrence_interval'],
    ['half an interval', { recurrence_interval: 1.5 }, 'recurrence_interval'],
    ['an interval as text', { recurrence_interval: '1' }, 'recurrence_interval'],
    ['a start that does not exist', { start_date: '2025-02-30' }, 'start_date'],
    ['an end that does not exist', { end_date: '2025-02-30' }, 'end_date'],
    ['an end before the start', { end_date: '2025-01-01T08:59:59Z' }, 'end_date'],
    ['an end on the day before the start', { end_date: '2024-12-31' }, 'end_date'],
    ['an end before a start that is now', { start_date: undefined, end_date: '2020-01-01' }, 'end_date'],
    ['an end in another form than the start', { end_date: '2025-12-31T09:00:00' }, 'end_date'],
    ['a time as the end of days', { start_date: '2025-01-01' }, 'end_date'],
    ['a field that only we set', { next_due_at: '2025-01-01T00:00:00Z' }, 'next_due_at'],
  ])('%s: names the field, writes nothing', async (_, fields, field) => {
    const user = await signIn()
    const reply = await postSeries(user, { ...meeting, ...fields })
    expect(reply.status).toBe(400)
    const problem = await problemOf(reply)
    expect(problem.code).toBe('invalid')
    expect(problem.errors?.map((error) => error.field)).toEqual([field])
    expect(await seriesOfUser(user)).toHaveLength(0)
    expect(await tasksOfUser(user)).toHaveLength(0)
  })
})
