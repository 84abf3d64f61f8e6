import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { isNotified } from '../../../shared/data/tasks.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { travel, useDatabase } from '../../../shared/testing/database.ts'
import {
  bulkOf,
  callAs,
  eventOf,
  loggedEvents,
  refusedDeliveries,
  taskData,
} from '../../../shared/testing/delivery.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import { fireReminders } from '../../schedules/due-scan/fire.ts'
import app from './handler.ts'

useDatabase()

const path = '/events/notification-plan'
const past = '2026-01-01T00:00:00Z'

let user: TestUser
beforeEach(async () => {
  user = await signIn()
})

/** Adds tasks whose reminders have come, and answers the events of these. */
async function fire(count = 1, due_date = past) {
  for (let index = 0; index < count; index++) await addTask(user, { title: `task ${index}`, due_date })
  await inContext(fireReminders)
  return loggedEvents('task.due-soon', user.id)
}

const single = async (event: unknown) => {
  const reply = await callAs(app, path, event)
  return [reply.status, await reply.json()]
}

async function deliverBulk(events: unknown[], delivery: object = bulkOf(events)) {
  const reply = await callAs(app, path, delivery)
  expect(reply.status).toBe(200)
  const { statuses } = (await reply.json()) as { statuses: { entryId: string; status: string }[] }
  return new Map(statuses.map(({ entryId, status }) => [Number(entryId), status]))
}

const notifications = () => sql`select * from notifications where user_id = ${user.id} order by title`
const tasks = () => sql`select ${isNotified()} as notified, version from tasks where user_id = ${user.id}`
const deliveries = () => sql`
  select channel, state, reason, sent_at is not null as has_sent_at
  from deliveries
  where user_id = ${user.id}
  order by channel desc, id`
const mails = () => loggedEvents('notification.email', user.id)
const receipts = (event: { id: string }) => sql`select 1 from inbox where event_id = ${event.id}`

refusedDeliveries(
  app,
  path,
  eventOf('task.due-soon', { ...taskData, reminder_id: taskData.task_id, remind_at: past }),
)

describe('a reminder that has come', () => {
  test('becomes a notification of the task as it is now, sent in the app and planned for the mail', async () => {
    const [event] = await fire()
    await sql`update tasks set title = 'renamed' where user_id = ${user.id}`
    expect(await single(event)).toEqual([200, { status: 'SUCCESS' }])
    expect(await notifications()).toMatchObject([
      {
        task_id: event!.data['task_id'],
        title: 'renamed',
        due_date: past,
        due_at: past,
        remind_at: past,
        read_at: null,
      },
    ])
    expect(await deliveries()).toEqual([
      { channel: 'email', state: 'planned', reason: null, has_sent_at: false },
    ])
    expect(await tasks()).toEqual([{ notified: true, version: 1 }])
  })

  test('announces the mail, with the delivery, in the trace of the reminder and because of it', async () => {
    const [event] = await fire()
    await single(event)
    const [delivery] = await sql`select id from deliveries where user_id = ${user.id} and channel = 'email'`
    const [mail] = await mails()
    expect(mail!.data).toEqual({
      delivery_id: delivery!['id'],
      task_id: event!.data['task_id'],
      user_id: user.id,
      timestamp: expect.any(String),
    })
    expect(mail!.traceparent!.slice(3, 35)).toBe(event!.traceparent!.slice(3, 35))
    const [row] = await sql`
      select logged.cause, outbox.topic, outbox.partition_key
      from task_event_log as logged
      join outbox on outbox.event_id = logged.id
      where logged.id = ${mail!.id}`
    expect(row).toMatchObject({
      cause: { by: 'event', event_id: event!.id },
      topic: 'notification-email',
      partition_key: event!.data['task_id'],
    })
  })

  test('goes to the app alone when the user wants no mail', async () => {
    await sql`update preferences set channels = '{in_app}' where user_id = ${user.id}`
    const [event] = await fire()
    await single(event)
    expect(await notifications()).toHaveLength(1)
    expect(await deliveries()).toEqual([])
    expect(await mails()).toEqual([])
  })

  test('goes by mail when the user never chose', async () => {
    await sql`delete from preferences where user_id = ${user.id}`
    const [event] = await fire()
    await single(event)
    expect(await deliveries()).toMatchObject([{ channel: 'email', state: 'planned' }])
  })

  test('says how late it is, and nothing when it is in time', async () => {
    const [late] = await fire()
    await single(late)
    const [now] = await sql<
      [{ late: number }]
    >`select extract(epoch from clock_now() - ${past}::timestamptz)::float8 as late`
    const [notification] = await notifications()
    expect(Math.abs(notification!['late_seconds'] - now.late)).toBeLessThan(5)
    user = await signIn()
    const [event] = await fire(1, new Date(Date.now() - 1_000).toISOString())
    await single(event)
    expect(await notifications()).toMatchObject([{ late_seconds: 0 }])
  })
})

describe('what changed meanwhile', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'The task was done before.',
      () => sql`update tasks set status = 'done', completed_at = clock_now() where user_id = ${user.id}`,
    ],
    [
      'The task was deleted before.',
      () => sql`update tasks set deleted_at = clock_now() where user_id = ${user.id}`,
    ],
    [
      'The reminder was cancelled before.',
      () => sql`update reminders set state = 'cancelled' where user_id = ${user.id}`,
    ],
  ])('%s: no notification, and deliveries that say why', async (reason, change) => {
    const [event] = await fire()
    await change()
    expect(await single(event)).toEqual([200, { status: 'SUCCESS' }])
    expect(await notifications()).toEqual([])
    expect(await deliveries()).toEqual([
      { channel: 'in_app', state: 'cancelled', reason, has_sent_at: false },
      { channel: 'email', state: 'cancelled', reason, has_sent_at: false },
    ])
    expect(await tasks()).toMatchObject([{ notified: false }])
    expect(await mails()).toEqual([])
  })

  test('a task that is being completed is waited for', async () => {
    const [event] = await fire()
    let reply: ReturnType<typeof single>
    await sql.begin(async (tx) => {
      await tx`update tasks set status = 'done', completed_at = clock_now() where user_id = ${user.id}`
      reply = single(event)
      await until(async () => (await tx`select 1 from pg_locks where not granted`).length > 0)
    })
    expect(await reply!).toEqual([200, { status: 'SUCCESS' }])
    expect(await notifications()).toEqual([])
    expect(await deliveries()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }])
  })

  test('a task that is gone for good leaves a receipt and nothing else', async () => {
    const [event] = await fire()
    await sql`delete from tasks where user_id = ${user.id}`
    expect(await single(event)).toEqual([200, { status: 'SUCCESS' }])
    expect(await receipts(event!)).toHaveLength(1)
  })
})

describe('delivered again', () => {
  test('ten times at once: one effect', async () => {
    const [event] = await fire()
    const replies = await Promise.all(Array.from({ length: 10 }, () => single(event)))
    for (const reply of replies) expect(reply).toEqual([200, { status: 'SUCCESS' }])
    expect([await notifications(), await deliveries(), await mails()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ])
  })

  test('twice in one batch: one effect', async () => {
    const [event] = await fire()
    expect([...(await deliverBulk([event, event])).values()]).toEqual(['SUCCESS', 'SUCCESS'])
    expect(await mails()).toHaveLength(1)
  })

  test('in batches that overlap, at once: one effect', async () => {
    const events = await fire(60)
    const batches = [
      [...events, ...events],
      events.toReversed(),
      events.slice(5),
      events.slice(0, 55).toReversed(),
    ]
    const answers = await Promise.all(batches.map((events) => deliverBulk(events)))
    for (const answer of answers) expect(new Set(answer.values())).toEqual(new Set(['SUCCESS']))
    expect([await notifications(), await deliveries(), await mails()].map(({ length }) => length)).toEqual([
      60, 60, 60,
    ])
  })

  test('after midnight, days later: still one effect', async () => {
    const [event] = await fire()
    await single(event)
    await travel('2 days')
    await single(event)
    await travel('0')
    expect(await notifications()).toHaveLength(1)
  })
})

describe('a bulk delivery', () => {
  test('is handled whole, and every entry is answered for', async () => {
    const events = await fire(3)
    expect(await deliverBulk(events)).toEqual(new Map([0, 1, 2].map((index) => [index, 'SUCCESS'])))
    expect(await notifications()).toHaveLength(3)
  })

  test('drops poison, keeps its reason, and handles its neighbours', async () => {
    const [first, second] = await fire(2)
    const foreign = eventOf('task.due-soon', { no: 'task' })
    const answer = await deliverBulk([
      first,
      null,
      [1],
      'no JSON',
      foreign,
      { ...first, type: 'other' },
      second,
    ])
    expect(Object.fromEntries(answer)).toEqual({
      0: 'SUCCESS',
      1: 'DROP',
      2: 'DROP',
      3: 'DROP',
      4: 'DROP',
      5: 'DROP',
      6: 'SUCCESS',
    })
    expect(
      await sql`select consumer, error from event_failures where event_id = ${foreign.id}`,
    ).toMatchObject([{ consumer: 'notification-plan', error: expect.stringContaining('data.reminder_id') }])
    expect(await notifications()).toHaveLength(2)
  })

  test('of a sidecar that still has the subscription of the last version, the events themselves', async () => {
    const events = await fire(1)
    const entries = events.map((event, index) => ({ entryId: String(index), event }))
    expect(await deliverBulk(events, { id: 'batch', entries })).toEqual(new Map([[0, 'SUCCESS']]))
    expect(await notifications()).toHaveLength(1)
  })

  test('an event that fails is asked for again and takes no other along', async () => {
    const events = await fire(3)
    await sql`alter table notifications add constraint bad check (title <> 'task 1') not valid`
    try {
      expect(await deliverBulk(events)).toEqual(
        new Map([0, 1, 2].map((i) => [i, i === 1 ? 'RETRY' : 'SUCCESS'])),
      )
    } finally {
      await sql`alter table notifications drop constraint bad`
    }
    expect(await notifications()).toMatchObject([{ title: 'task 0' }, { title: 'task 2' }])
    expect(await receipts(events[1]!)).toHaveLength(0)
    expect(
      await sql`select attempts, error from event_failures where event_id = ${events[1]!.id}`,
    ).toMatchObject([{ attempts: 1, error: expect.stringContaining('bad') }])
    expect(await deliverBulk(events)).toEqual(new Map([0, 1, 2].map((index) => [index, 'SUCCESS'])))
    expect(await notifications()).toHaveLength(3)
  })

  test('an empty one is answered, not refused', async () => {
    expect(await deliverBulk([])).toEqual(new Map())
  })

  test('a single event that fails is a 500, which is asked again', async () => {
    const [event] = await fire()
    await sql`alter table notifications add constraint bad check (title <> 'task 0') not valid`
    const reply = await callAs(app, path, event)
    await sql`alter table notifications drop constraint bad`
    expect(reply.status).toBe(500)
    expect(await sql`select attempts from event_failures where event_id = ${event!.id}`).toEqual([
      { attempts: 1 },
    ])
    expect(await single(event)).toEqual([200, { status: 'SUCCESS' }])
  })
})
