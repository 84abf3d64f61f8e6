import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { recordFailure } from '../../../shared/data/failures.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { callAs, eventOf, loggedEvents, taskData } from '../../../shared/testing/delivery.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn } from '../../../shared/testing/user.ts'
import planNotification from '../notification-plan/handler.ts'
import { fireReminders } from '../../schedules/due-scan/fire.ts'
import app from './handler.ts'

useDatabase()

const path = '/events/dead-letter-store'

/** What the broker of one process sends along. */
const embedded = (consumer: string, error: string, attempts = 25) => ({
  __topic: 'task-created',
  'x-dead-letter-consumer': consumer,
  'x-dead-letter-error': encodeURIComponent(error),
  'x-dead-letter-attempts': String(attempts),
})

async function store(body: unknown, headers: Record<string, string> = {}) {
  const reply = await callAs(app, path, body, headers)
  expect([reply.status, await reply.json()]).toEqual([200, { status: 'SUCCESS' }])
}

const stored = (where: { event_id: string } | { event: string }) =>
  sql<Record<string, unknown>[]>`
    select *
    from dead_letters
    where ${'event_id' in where ? sql`event_id = ${where.event_id}` : sql`event = ${where.event}`}`

test.each([{}, { 'dapr-api-token': 'wrong' }])(
  '403 without the token of the sidecar: %j',
  async (headers) => {
    const event = eventOf('task.created', taskData)
    const reply = await app.request(path, { method: 'POST', headers, body: JSON.stringify(event) })
    expect(reply.status).toBe(403)
    expect(await stored({ event_id: event.id })).toEqual([])
  },
)

describe('any body is kept', () => {
  test.each<[string, string, string?]>([
    ['null', 'null'],
    ['an array', '[1]'],
    ['a number', '7.5'],
    ['no JSON', '{"id":'],
    ['nothing', ''],
    ['an id that is none', '{"id":"nonsense"}'],
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['half of a surrogate pair, escaped', '"\\ud800"'],
  ])('%s', async (_, body, kept = body) => {
    await store(body, { __topic: 'task-created' })
    await store(body, { __topic: 'task-created' })
    expect(await stored({ event: kept })).toMatchObject([
      { event_id: null, topic: 'task-created', state: 'stored', error: 'It is no event: it has no id.' },
    ])
  })

  test.each(['no JSON', '', '{"id":'])('wrapped by Dapr, which hands it over raw: %j', async (record) => {
    const data_base64 = Buffer.from(record).toString('base64')
    const wrapped = { id: randomUUID(), specversion: '1.0', type: 'com.dapr.event.sent', data_base64 }
    await store(wrapped, { __topic: 'task-deleted' })
    await store({ ...wrapped, id: randomUUID() }, { __topic: 'task-deleted' })
    expect(
      await sql`select event_id, event from dead_letters where topic = 'task-deleted' and event = ${record}`,
    ).toEqual([{ event_id: null, event: record }])
  })

  test('bytes that are no text', async () => {
    const reply = await app.request(path, {
      method: 'POST',
      headers: { 'dapr-api-token': 'test-app-token' },
      body: new Uint8Array([0x7b, 0xff, 0x41]),
    })
    expect(reply.status).toBe(200)
    expect(await stored({ event: '{\uFFFDA' })).toHaveLength(1)
  })

  test('an event of two million characters', async () => {
    const event = eventOf('task.created', { title: 'x'.repeat(2_000_000) })
    await store(event)
    expect((await stored({ event_id: event.id }))[0]!['event']).toHaveLength(JSON.stringify(event).length)
  })
})

describe('why it is here', () => {
  test('as the broker of one process tells it', async () => {
    const event = eventOf('task.created', taskData)
    await recordFailure('occurrence-create', event.id, new Error('what another consumer says of it'))
    await store(event, embedded('task-statistics', 'type: ü is not handled here'))
    expect(await stored({ event_id: event.id })).toMatchObject([
      {
        topic: 'task-created',
        consumer: 'task-statistics',
        error: 'type: ü is not handled here',
        attempts: 25,
        event: JSON.stringify(event),
      },
    ])
  })

  test('as its consumer recorded it, when Dapr tells nothing but the topic', async () => {
    const event = eventOf('task.created', taskData)
    await recordFailure('task-statistics', event.id, new Error('first'))
    await recordFailure('task-statistics', event.id, new Error('the database is away'))
    await store(event, { __topic: 'task-created' })
    expect(await stored({ event_id: event.id })).toMatchObject([
      { topic: 'task-created', consumer: 'task-statistics', error: 'the database is away', attempts: 2 },
    ])
  })

  test('unknown, when nobody recorded anything', async () => {
    const event = eventOf('task.created', taskData)
    await store(event, { __topic: 'nonsense', 'x-dead-letter-attempts': 'many', 'x-dead-letter-error': '%' })
    expect(await stored({ event_id: event.id })).toMatchObject([
      { topic: null, consumer: null, error: '%', attempts: null },
    ])
    const silent = eventOf('task.created', taskData)
    await store(silent)
    expect(await stored({ event_id: silent.id })).toMatchObject([
      { error: expect.stringContaining('No reason is known') },
    ])
  })
})

describe('delivered again', () => {
  test('ten times at once: one row', async () => {
    const event = eventOf('task.created', taskData)
    await Promise.all(Array.from({ length: 10 }, () => store(event, embedded('task-statistics', 'x'))))
    expect(await stored({ event_id: event.id })).toHaveLength(1)
  })

  test('for another consumer: a row for each', async () => {
    const event = eventOf('task.created', taskData)
    await store(event, embedded('task-statistics', 'x'))
    await store(event, embedded('occurrence-create', 'x'))
    expect(await stored({ event_id: event.id })).toHaveLength(2)
  })

  test('after a replay that failed again: it waits once more, with the new reason', async () => {
    const event = eventOf('task.created', taskData)
    await store(event, embedded('task-statistics', 'x'))
    await sql`update dead_letters set state = 'replayed', replayed_at = clock_now() where event_id = ${event.id}`
    await store(event, embedded('task-statistics', 'y'))
    expect(await stored({ event_id: event.id })).toMatchObject([
      { state: 'stored', replayed_at: null, error: 'y' },
    ])
  })
})

describe('a mail that will not be sent', () => {
  async function plannedMail() {
    const user = await signIn()
    await addTask(user, { due_date: '2026-01-01T00:00:00Z' })
    await inContext(fireReminders)
    const [due] = await loggedEvents('task.due-soon', user.id)
    await callAs(planNotification, '/events/notification-plan', due)
    const [event] = await loggedEvents('notification.email', user.id)
    return { event: event!, id: event!.data['delivery_id'] as string }
  }
  const delivery = async (id: string) => (await sql`select state, reason from deliveries where id = ${id}`)[0]

  test('is failed, with the reason of its last attempt', async () => {
    const { event, id } = await plannedMail()
    await sql`update deliveries set reason = 'The mail server answered 421.' where id = ${id}`
    await store(event, { __topic: 'notification-email' })
    expect(await delivery(id)).toEqual({ state: 'failed', reason: 'The mail server answered 421.' })
  })

  test('is failed, also when it was never tried', async () => {
    const { event, id } = await plannedMail()
    await store(event, { __topic: 'notification-email' })
    expect(await delivery(id)).toEqual({ state: 'failed', reason: 'It could not be sent.' })
  })

  test('is unknown when an attempt has no outcome', async () => {
    const { event, id } = await plannedMail()
    await sql`update deliveries set sending_since = clock_now() where id = ${id}`
    await store(event, { __topic: 'notification-email' })
    expect(await delivery(id)).toMatchObject({ state: 'unknown' })
  })

  test('stays sent when it was sent', async () => {
    const { event, id } = await plannedMail()
    await sql`update deliveries set state = 'sent' where id = ${id}`
    await store(event, { __topic: 'notification-email' })
    expect(await delivery(id)).toMatchObject({ state: 'sent' })
  })

  test('that no ledger knows is kept all the same', async () => {
    const event = eventOf('notification.email', { ...taskData, delivery_id: randomUUID() })
    await store(event)
    expect(await stored({ event_id: event.id })).toHaveLength(1)
  })
})
