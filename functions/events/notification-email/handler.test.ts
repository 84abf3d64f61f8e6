import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { SendUnknown, useSidecar, type Mail } from '../../../shared/dapr/sidecar.ts'
import { configure } from '../../../shared/runtime/config.ts'
import { appToken, travel, useDatabase } from '../../../shared/testing/database.ts'
import {
  callAs,
  eventOf,
  loggedEvents,
  refusedDeliveries,
  taskData,
} from '../../../shared/testing/delivery.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import planNotification from '../notification-plan/handler.ts'
import { fireReminders } from '../../schedules/due-scan/fire.ts'
import app from './handler.ts'

useDatabase()

const path = '/events/notification-email'

let user: TestUser
let sent: Mail[]
/** When the next mail may be sent. */
let turn: Promise<void>
/** What the mail server does with the next mail. */
let answer: (mail: Mail) => Promise<void>

beforeEach(async () => {
  configure({ MAIL_FROM: 'todo@example.org', APP_URL: 'https://todo.example' })
  user = await signIn()
  sent = []
  turn = Promise.resolve()
  answer = async () => {}
  useSidecar({
    publish: async () => [],
    sendMail: async (begin) => {
      await turn
      const mail = await begin()
      if (!mail) return
      sent.push(mail)
      await answer(mail)
    },
  })
})

/** A delivery that came about as they all do, and its event. */
async function plan(fields: { title?: string; due_date?: string } = {}) {
  await addTask(user, { title: 'Pay rent', due_date: '2026-01-01T00:00:00Z', ...fields })
  await inContext(fireReminders)
  const [due] = await loggedEvents('task.due-soon', user.id)
  await callAs(planNotification, '/events/notification-plan', due)
  const [event] = await loggedEvents('notification.email', user.id)
  return event!
}

const deliver = async (event: unknown) => (await callAs(app, path, event)).status
const failWith = (error: Error) => async () => {
  throw error
}

const delivery = async () => {
  const [row] = await sql`
    select state, reason, attempts, sent_at is not null as has_sent_at, sending_since
    from deliveries
    where user_id = ${user.id} and channel = 'email'`
  return row
}
const attempts = () => sql`
  select attempt, outcome, delivery_attempts.reason, finished_at is not null as finished
  from delivery_attempts
  join deliveries on deliveries.id = delivery_id
  where user_id = ${user.id}
  order by attempt`
const receipts = (event: { id: string }) => sql`
  select 1 from inbox where consumer = 'notification-email' and event_id = ${event.id}`

refusedDeliveries(app, path, eventOf('notification.email', { ...taskData, delivery_id: taskData.task_id }))

describe('a planned mail', () => {
  test('is sent to the owner of the task, about the task as it is now', async () => {
    const event = await plan()
    await sql`update tasks set title = 'Pay the rent' where user_id = ${user.id}`
    expect(await deliver(event)).toBe(200)
    expect(sent).toMatchObject([
      {
        id: event.data['delivery_id'],
        from: 'todo@example.org',
        to: `${user.id}@example.org`,
        subject: expect.stringMatching(/^Reminder \(late by .*\): Pay the rent$/),
        html: expect.stringContaining('https://todo.example/?task='),
      },
    ])
    expect(await delivery()).toEqual({
      state: 'sent',
      reason: null,
      attempts: 1,
      has_sent_at: true,
      sending_since: null,
    })
    expect(await attempts()).toEqual([{ attempt: 1, outcome: 'sent', reason: null, finished: true }])
    expect(await receipts(event)).toHaveLength(1)
  })

  test('is in the ledger before it is handed over, and no transaction is open meanwhile', async () => {
    const event = await plan()
    let seen: unknown
    answer = async () => {
      const open = await sql`
        select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`
      seen = { attempts: await attempts(), state: (await delivery())!['state'], open: open.length }
    }
    await deliver(event)
    expect(seen).toEqual({
      attempts: [{ attempt: 1, outcome: null, reason: null, finished: false }],
      state: 'planned',
      open: 0,
    })
  })

  test('that was sent is known to be, though the database was away when it was told', async () => {
    const event = await plan()
    let back: Promise<unknown> | undefined
    answer = async () => {
      await sql`alter table delivery_attempts rename to away`
      back = sleep(500).then(() => sql`alter table away rename to delivery_attempts`)
    }
    expect(await deliver(event)).toBe(200)
    await back
    expect(await delivery()).toMatchObject({ state: 'sent', attempts: 1, sending_since: null })
    expect(await attempts()).toMatchObject([{ outcome: 'sent' }])
  })

  test('is sent once, however often its event comes', async () => {
    const event = await plan()
    await deliver(event)
    expect(await deliver(event)).toBe(200)
    expect(sent).toHaveLength(1)
    expect(await attempts()).toHaveLength(1)
  })

  test('is sent once when ten deliveries come at once: the others are asked again', async () => {
    const event = await plan()
    const arrived = Promise.withResolvers<void>()
    answer = () => arrived.promise
    const replies = Array.from({ length: 10 }, () => deliver(event))
    const first = await Promise.race(replies)
    expect(first).toBe(503)
    arrived.resolve()
    const statuses = await Promise.all(replies)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
    expect(sent).toHaveLength(1)
    expect(await deliver(event)).toBe(200)
    expect(await delivery()).toMatchObject({ state: 'sent', attempts: 1 })
  })
})

describe('a mail that waits for its turn', () => {
  test('is not in the ledger yet: were the process to die now, there would be no doubt', async () => {
    const event = await plan()
    const come = Promise.withResolvers<void>()
    turn = come.promise
    const reply = deliver(event)
    await sleep(100)
    expect(await delivery()).toMatchObject({ state: 'planned', attempts: 0, sending_since: null })
    come.resolve()
    expect(await reply).toBe(200)
    expect(await delivery()).toMatchObject({ state: 'sent', attempts: 1 })
  })

  test('and that nobody waits for any more is left to the next delivery', async () => {
    const event = await plan()
    const [come, caller] = [Promise.withResolvers<void>(), new AbortController()]
    turn = come.promise
    const reply = app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', 'dapr-api-token': appToken },
      body: JSON.stringify(event),
      signal: caller.signal,
    })
    await sleep(50)
    caller.abort()
    come.resolve()
    expect((await reply).status).toBe(503)
    expect(sent).toEqual([])
    expect(await delivery()).toMatchObject({ state: 'planned', attempts: 0 })
    expect(await deliver(event)).toBe(200)
    expect(sent).toHaveLength(1)
  })
})

describe('a mail that fails', () => {
  test('stays planned with the reason, is asked again, and is sent then', async () => {
    const event = await plan()
    answer = failWith(new Error('mail binding: 500 {"message":"error: 421 \\"try later\\""}'))
    expect(await deliver(event)).toBe(500)
    expect(await delivery()).toMatchObject({
      state: 'planned',
      reason: 'The mail server answered 421.',
      attempts: 1,
      sending_since: null,
    })
    expect(await attempts()).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('try later') },
    ])
    expect(await receipts(event)).toHaveLength(0)
    expect(await sql`select error from event_failures where event_id = ${event.id}`).toMatchObject([
      { error: expect.stringContaining('try later') },
    ])
    answer = async () => {}
    expect(await deliver(event)).toBe(200)
    expect(await delivery()).toMatchObject({ state: 'sent', reason: null, attempts: 2 })
    expect(await attempts()).toMatchObject([{ outcome: 'failed' }, { outcome: 'sent' }])
  })

  test('tells its owner no host and no text of the server', async () => {
    const event = await plan()
    answer = failWith(new Error('connect ECONNREFUSED mail.internal 10.0.0.5:587'))
    await deliver(event)
    expect(await delivery()).toMatchObject({ reason: 'The mail server did not take it.' })
  })

  test('is not sent again when nobody knows whether it was sent', async () => {
    const event = await plan()
    answer = failWith(new SendUnknown('no answer'))
    expect(await deliver(event)).toBe(200)
    expect(await deliver(event)).toBe(200)
    expect(sent).toHaveLength(1)
    expect(await delivery()).toMatchObject({
      state: 'unknown',
      reason: 'It was handed over and no answer came: it may have been sent.',
      has_sent_at: false,
    })
    expect(await attempts()).toMatchObject([{ outcome: 'unknown', reason: 'no answer' }])
    expect(await receipts(event)).toHaveLength(1)
  })

  test.each([
    'a@b.example;spy@example.org',
    'a@b.example,spy@example.org',
    'a@b.example\r\nbcc: spy@example.org',
    'a@b.example\n',
    'nobody',
    '@example.org',
    'a@b@c',
    'somebody@invalid',
  ])('is never sent to an address such as %j', async (email) => {
    const event = await plan()
    await sql`update users set email = ${email} where id = ${user.id}`
    expect(await deliver(event)).toBe(200)
    expect(sent).toEqual([])
    expect(await delivery()).toMatchObject({
      state: 'failed',
      reason: 'The account has no address that mail can be sent to.',
    })
    await sql`update users set email = ${`${user.id}@example.org`} where id = ${user.id}`
  })
})

describe('an attempt that was left without an outcome', () => {
  const leave = (event: { data: Record<string, unknown> }) => sql`
    with delivery as (
      update deliveries
      set attempts = 1, sending_since = clock_now()
      where id = ${event.data['delivery_id'] as string}
      returning id
    )
    insert into delivery_attempts (delivery_id, attempt)
    select id, 1 from delivery`

  test('is waited for, then given up as unknown: it may have been sent', async () => {
    const event = await plan()
    await leave(event)
    expect(await deliver(event)).toBe(503)
    expect(await delivery()).toMatchObject({ state: 'planned' })
    await travel('35 seconds')
    expect(await deliver(event)).toBe(503)
    await travel('45 seconds')
    expect(await deliver(event)).toBe(200)
    await travel('0')
    expect(sent).toEqual([])
    expect(await delivery()).toMatchObject({
      state: 'unknown',
      reason: 'It was handed over and no answer came: it may have been sent.',
    })
    expect(await attempts()).toMatchObject([{ outcome: 'unknown', finished: true }])
  })

  test('and was sent after all is put right', async () => {
    const event = await plan()
    answer = async () => {
      await travel('45 seconds')
      expect(await deliver(event)).toBe(200)
      expect(await delivery()).toMatchObject({ state: 'unknown' })
    }
    expect(await deliver(event)).toBe(200)
    await travel('0')
    expect(await delivery()).toMatchObject({ state: 'sent', reason: null, has_sent_at: true })
    expect(await attempts()).toMatchObject([{ outcome: 'sent' }])
  })

  test('and was not sent, as its process tells late, is known to be lost', async () => {
    const event = await plan()
    answer = async () => {
      await travel('45 seconds')
      expect(await deliver(event)).toBe(200)
      throw new Error('mail binding: 500 {"message":"error: 451 \\"busy\\""}')
    }
    expect(await deliver(event)).toBe(500)
    await travel('0')
    expect(await delivery()).toMatchObject({ state: 'failed', reason: 'The mail server answered 451.' })
  })
})

describe('a task that is closed meanwhile', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'done',
      () => sql`update tasks set status = 'done', completed_at = clock_now() where user_id = ${user.id}`,
    ],
    ['deleted', () => sql`update tasks set deleted_at = clock_now() where user_id = ${user.id}`],
  ])('%s: the mail is cancelled, with the reason', async (_, close) => {
    const event = await plan()
    await close()
    expect(await deliver(event)).toBe(200)
    expect(sent).toEqual([])
    expect(await delivery()).toMatchObject({
      state: 'cancelled',
      reason: 'The task was closed or deleted before.',
      attempts: 0,
    })
    expect(await attempts()).toEqual([])
  })

  test('gone for good: nothing is sent', async () => {
    const event = await plan()
    await sql`delete from tasks where user_id = ${user.id}`
    expect(await deliver(event)).toBe(200)
    expect(sent).toEqual([])
  })
})
