import { describe, expect, test } from 'vitest'
import { onWake } from '../../../shared/data/signal.ts'
import { sql } from '../../../shared/data/sql.ts'
import { until } from '../../../shared/testing/until.ts'
import { useDatabase, waitingForLock } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { startSeries } from '../../../shared/testing/series.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import occurrenceUpdate from '../occurrence-update/handler.ts'
import taskCreate from '../task-create/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'PATCH', path: '/api/me', body: { locale: 'de' } })

const update = async (
  user: TestUser,
  body: unknown,
  headers: Record<string, string> = {},
  method = 'PATCH',
) => app.request('/api/me', { method, headers: { ...user.headers, ...headers }, body: JSON.stringify(body) })

const preferencesOf = (user: TestUser) => sql`select * from preferences where user_id = ${user.id}`

async function createTask(user: TestUser, due_date: string): Promise<string> {
  const reply = await taskCreate.request('/api/tasks', {
    method: 'POST',
    headers: user.headers,
    body: JSON.stringify({ title: 'x', due_date }),
  })
  return ((await reply.json()) as { id: string }).id
}

/** When a task is due and reminded of. */
async function instantsOf(id: string) {
  const [row] = await sql`
    select due_at, remind_at, state, version
    from tasks
    left join reminders on task_id = tasks.id
    where tasks.id = ${id}`
  return row
}

const tasksOf = (user: TestUser) => sql`select due_at from tasks where user_id = ${user.id}`

describe('200', () => {
  test.each(['PATCH', 'PUT'])('%s changes the given fields and leaves the others', async (method) => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const change = { name: ' Grace ', locale: 'de-at', week_start: 7, channels: ['in_app'] }
    const reply = await update(user, change, {}, method)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"2"')
    expect(await bodyOf(reply, Reply)).toMatchObject({
      id: user.id,
      name: 'Grace',
      locale: 'de-AT',
      week_start: 7,
      channels: ['in_app'],
      time_zone: 'Europe/Berlin',
      reminder_time: '09:00',
      version: 2,
      replanned: 0,
    })
    expect(await preferencesOf(user)).toMatchObject([
      { locale: 'de-AT', week_start: 7, channels: ['in_app'], time_zone: 'Europe/Berlin', version: 2 },
    ])
    expect(await sql`select name from users where id = ${user.id}`).toEqual([{ name: 'Grace' }])
  })

  test('somebody without preferences gets a row with the defaults for the rest', async () => {
    const user = await signIn()
    await sql`delete from preferences where user_id = ${user.id}`
    expect((await bodyOf(await update(user, { week_start: 6 }, { 'if-match': '"1"' }), Reply)).version).toBe(
      2,
    )
    expect(await preferencesOf(user)).toMatchObject([
      {
        week_start: 6,
        time_zone: 'UTC',
        reminder_time: '09:00:00',
        channels: ['in_app', 'email'],
        version: 2,
      },
    ])
  })

  test.each([
    [{}],
    [{ time_zone: 'utc', channels: ['email', 'in_app'], reminder_time: '09:00', name: 'Test' }],
  ])('what changes nothing writes nothing: %j', async (body) => {
    const user = await signIn()
    const before = await preferencesOf(user)
    const reply = await update(user, body)
    expect(reply.status).toBe(200)
    expect(await bodyOf(reply, Reply)).toMatchObject({ version: 1, time_zone: 'UTC', replanned: 0 })
    expect(await preferencesOf(user)).toEqual(before)
  })

  test('one user changes nothing of another', async () => {
    const other = await signIn()
    const task = await createTask(other, '2030-01-15')
    const before = [await preferencesOf(other), await instantsOf(task)]
    await update(await signIn(), { time_zone: 'Asia/Tokyo', name: 'Mallory' })
    expect([await preferencesOf(other), await instantsOf(task)]).toEqual(before)
    expect(await sql`select name from users where id = ${other.id}`).toEqual([{ name: 'Test' }])
  })
})

describe('a new time zone', () => {
  test('moves what follows the user, and nothing else', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const date = await createTask(user, '2030-01-15')
    const floating = await createTask(user, '2030-01-15T17:00:00')
    const instant = await createTask(user, '2030-01-15T17:00:00Z')
    const offset = await createTask(user, '2030-01-15T17:00:00+02:00')
    const zoned = await createTask(user, '2030-01-15T17:00:00[Europe/Berlin]')
    const fixed = [await instantsOf(instant), await instantsOf(offset), await instantsOf(zoned)]

    const reply = await update(user, { time_zone: 'asia/tokyo' })
    expect(await bodyOf(reply, Reply)).toMatchObject({ time_zone: 'Asia/Tokyo', replanned: 2 })
    expect(await instantsOf(date)).toEqual({
      due_at: '2030-01-15T15:00:00Z',
      remind_at: '2030-01-15T00:00:00Z',
      state: 'planned',
      version: 1,
    })
    expect(await instantsOf(floating)).toEqual({
      due_at: '2030-01-15T08:00:00Z',
      remind_at: '2030-01-15T08:00:00Z',
      state: 'planned',
      version: 1,
    })
    expect([await instantsOf(instant), await instantsOf(offset), await instantsOf(zoned)]).toEqual(fixed)
  })

  test('never announces again what was announced', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const id = await createTask(user, '2030-01-15T17:00:00')
    await sql`update reminders set state = 'fired', fired_at = remind_at where task_id = ${id}`
    expect((await bodyOf(await update(user, { time_zone: 'America/New_York' }), Reply)).replanned).toBe(1)
    expect(await instantsOf(id)).toMatchObject({
      due_at: '2030-01-15T22:00:00Z',
      remind_at: '2030-01-15T16:00:00Z',
      state: 'fired',
    })
  })

  test('leaves done and deleted tasks alone', async () => {
    const user = await signIn()
    const done = await createTask(user, '2030-01-15')
    const deleted = await createTask(user, '2030-01-15')
    await sql`update tasks set status = 'done', completed_at = now() where id = ${done}`
    await sql`update tasks set deleted_at = now() where id = ${deleted}`
    const before = [await instantsOf(done), await instantsOf(deleted)]
    expect((await bodyOf(await update(user, { time_zone: 'Asia/Tokyo' }), Reply)).replanned).toBe(0)
    expect([await instantsOf(done), await instantsOf(deleted)]).toEqual(before)
  })

  test('moves every one of many tasks, also of those made at the same instant', async () => {
    const user = await signIn()
    await sql`
      insert into tasks (user_id, title, due_date, due_at, created_at)
      select ${user.id}, 'x', '2030-01-15', '2030-01-16T00:00:00Z', '2026-01-01'::timestamptz + (n / 700) * interval '1 second'
      from generate_series(1, 2500) as n`
    expect((await bodyOf(await update(user, { time_zone: 'Asia/Tokyo' }), Reply)).replanned).toBe(2500)
    expect(await sql`select distinct due_at from tasks where user_id = ${user.id}`).toEqual([
      { due_at: '2030-01-15T15:00:00Z' },
    ])
  })

  test('moves also what is being added while it is written', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const before = await createTask(user, '2030-01-15T17:00:00')
    const running: Promise<unknown>[] = []
    await sql.begin(async (tx) => {
      await tx`select from tasks where id = ${before} for update`
      running.push(update(user, { time_zone: 'Asia/Tokyo' }))
      await until(async () => (await waitingForLock()) === 1)
      running.push(createTask(user, '2030-01-15T17:00:00'))
      running.push(startSeries(user, { start_date: '2030-01-15T17:00:00' }))
      // Either they wait for the change, or they are there already and are passed over.
      await until(async () => (await waitingForLock()) === 3 || (await tasksOf(user)).length === 3)
    })
    await Promise.all(running)
    const due_at = '2030-01-15T08:00:00Z'
    expect(await tasksOf(user)).toEqual([{ due_at }, { due_at }, { due_at }])
  })

  test('has a series computed again that goes on from a split which had begun before', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const { id, open_task_id } = await startSeries(user, {
      recurrence_type: 'daily',
      start_date: '2030-01-15T17:00:00',
    })
    const running: Promise<unknown>[] = []
    const split = async () =>
      occurrenceUpdate.request(`/api/recurring-tasks/${id}/occurrences/2030-01-16T17:00:00`, {
        method: 'PATCH',
        headers: user.headers,
        body: JSON.stringify({ scope: 'following', title: 'other' }),
      })
    await sql.begin(async (tx) => {
      await tx`select from tasks where id = ${open_task_id} for update`
      running.push(split())
      await until(async () => (await waitingForLock()) === 1)
      running.push(update(user, { time_zone: 'Asia/Tokyo' }))
      await until(async () => (await waitingForLock()) === 2)
    })
    await Promise.all(running)
    expect(
      await sql`
        select title, next_created_at <= clock_now() as again
        from recurring_tasks
        where user_id = ${user.id} and is_active`,
    ).toEqual([{ title: 'other', again: true }])
  })

  test('has the series computed again', async () => {
    const user = await signIn()
    await sql`
      insert into recurring_tasks
        (user_id, title, recurrence_type, start_date, settled_through, next_occurrence, next_due_at, next_created_at)
      values
        (${user.id}, 'x', 'daily', '2030-01-01', '2030-01-01', '2030-01-02', '2030-01-03T00:00:00Z', '2030-01-02T00:00:00Z')`
    const due = () =>
      sql`select 1 from recurring_tasks where user_id = ${user.id} and next_created_at <= clock_now()`
    await update(user, { reminder_time: '10:00' })
    expect(await due()).toHaveLength(0)
    await update(user, { time_zone: 'Asia/Tokyo' })
    expect(await due()).toHaveLength(1)
  })

  test('wakes the scans, which may have been asleep for longer', async () => {
    const user = await signIn()
    await sql`
      insert into tasks (user_id, title, due_date, due_at)
      values (${user.id}, 'x', '2030-01-15', '2030-01-16T00:00:00Z')`
    const heard = { 'due-scan': 0, 'recurrence-scan': 0 }
    const stops = await Promise.all(
      (['due-scan', 'recurrence-scan'] as const).map((scan) => onWake(scan, () => heard[scan]++)),
    )
    await update(user, { locale: 'de' })
    const before = { ...heard }
    await update(user, { time_zone: 'Asia/Tokyo' })
    await until(() => heard['due-scan'] > before['due-scan'])
    expect(heard).toEqual({
      'due-scan': before['due-scan'] + 1,
      'recurrence-scan': before['recurrence-scan'] + 1,
    })
    await Promise.all(stops.map((stop) => stop()))
  })
})

describe('a new reminder time', () => {
  test('moves the reminders of dates, which stay due when their day ends', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const date = await createTask(user, '2030-01-15')
    const floating = await createTask(user, '2030-01-15T17:00:00')
    const before = await instantsOf(floating)
    expect((await bodyOf(await update(user, { reminder_time: '06:30' }), Reply)).replanned).toBe(1)
    expect(await instantsOf(date)).toMatchObject({
      due_at: '2030-01-15T23:00:00Z',
      remind_at: '2030-01-15T05:30:00Z',
    })
    expect(await instantsOf(floating)).toEqual(before)
  })

  test('that a clock change skips comes an hour later on that day', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const id = await createTask(user, '2030-03-31')
    await update(user, { reminder_time: '02:30' })
    expect((await instantsOf(id))!['remind_at']).toBe('2030-03-31T01:30:00Z')
  })
})

describe('412', () => {
  test('a stale version changes nothing', async () => {
    const user = await signIn()
    const task = await createTask(user, '2030-01-15')
    await update(user, { locale: 'de' })
    const before = [await preferencesOf(user), await instantsOf(task)]
    const reply = await update(user, { time_zone: 'Asia/Tokyo', name: 'Grace' }, { 'if-match': '"1"' })
    expect(reply.status).toBe(412)
    expect((await problemOf(reply)).code).toBe('version_mismatch')
    expect([await preferencesOf(user), await instantsOf(task)]).toEqual(before)
    expect(await sql`select name from users where id = ${user.id}`).toEqual([{ name: 'Test' }])
  })

  test('of many changes of one version exactly one wins', async () => {
    const user = await signIn()
    await sql`delete from preferences where user_id = ${user.id}`
    const zones = ['Asia/Tokyo', 'Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'Asia/Kolkata']
    const task = await createTask(user, '2030-01-15')
    const replies = await Promise.all(
      zones.map((time_zone) => update(user, { time_zone }, { 'if-match': '"1"' })),
    )
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412, 412])
    const winner = await bodyOf(
      replies.find(({ status }) => status === 200)!,
      Reply,
    )
    expect(await preferencesOf(user)).toMatchObject([{ time_zone: winner.time_zone, version: 2 }])
    const end = Temporal.PlainDate.from('2030-01-16').toZonedDateTime(winner.time_zone).toInstant().toString()
    expect((await instantsOf(task))!['due_at']).toBe(end)
  })
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['a zone that does not exist', { time_zone: 'Mars/Olympus' }, 'time_zone'],
    ['an offset in the place of a zone', { time_zone: '+02:00' }, 'time_zone'],
    ['an empty zone', { time_zone: '' }, 'time_zone'],
    ['a locale with an underscore', { locale: 'de_AT' }, 'locale'],
    ['an empty locale', { locale: '' }, 'locale'],
    ['a week that starts on day 0', { week_start: 0 }, 'week_start'],
    ['a week that starts on a name', { week_start: 'monday' }, 'week_start'],
    ['25 o’clock', { reminder_time: '25:00' }, 'reminder_time'],
    ['a time with seconds', { reminder_time: '09:00:00' }, 'reminder_time'],
    ['a channel that is not there', { channels: ['in_app', 'pigeon'] }, 'channels.1'],
    ['a channel twice', { channels: ['in_app', 'in_app'] }, 'channels'],
    ['no record of what was announced', { channels: ['email'] }, 'channels'],
    ['an empty name', { name: ' ' }, 'name'],
    ['null', { time_zone: null }, 'time_zone'],
    ['another address', { email: 'new@example.org' }, 'email'],
    ['a version', { version: 7 }, 'version'],
  ])('%s: names the field, writes nothing', async (_, body, field) => {
    const user = await signIn()
    const before = await preferencesOf(user)
    const reply = await update(user, body)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
    expect(await preferencesOf(user)).toEqual(before)
  })
})

describe('the start of the day', () => {
  test('is kept, moves no task and runs nothing', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const id = await createTask(user, '2030-01-15')
    const before = await instantsOf(id)
    const reply = await bodyOf(await update(user, { day_start: '04:30' }), Reply)
    expect(reply).toMatchObject({ day_start: '04:30', replanned: 0 })
    expect(await instantsOf(id)).toEqual(before)
  })

  test.each(['4:30', '12:01', '23:00', 'noon', null])('%s is refused', async (day_start) => {
    const reply = await update(await signIn(), { day_start })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map(({ field }) => field)).toEqual(['day_start'])
  })
})
