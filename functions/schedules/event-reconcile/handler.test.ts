import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { travel, useDatabase } from '../../../shared/testing/database.ts'
import { callAs, loggedEvents } from '../../../shared/testing/delivery.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import countTask from '../../events/task-statistics/handler.ts'
import createTask from '../../http/task-create/handler.ts'
import app from './handler.ts'
import { reconcile } from './reconcile.ts'

useDatabase()

/** Creates tasks whose events were published and acknowledged, but, for all we know, never arrived. */
async function lost(count: number): Promise<{ user: TestUser; events: { id: string }[] }> {
  const user = await signIn()
  for (let index = 0; index < count; index++) {
    await createTask.request('/api/tasks', {
      method: 'POST',
      headers: user.headers,
      body: JSON.stringify({ title: `task ${index}` }),
    })
  }
  await sql`delete from outbox`
  return { user, events: await loggedEvents('task.created', user.id) }
}

const queued = () => sql`select event_id, topic from outbox order by position`
const inTenMinutes = () => travel('10 minutes')

describe('a tick', () => {
  test('is refused without the token of the sidecar', async () => {
    const reply = await app.request('/schedules/event-reconcile', { method: 'POST' })
    expect(reply.status).toBe(403)
  })

  test('queues what has no receipt, in the order it was written, and says how many', async () => {
    const { events } = await lost(3)
    await inTenMinutes()
    const reply = await callAs(app, '/schedules/event-reconcile')
    expect(await reply.json()).toEqual({ status: 'done', queued: 3 })
    expect(await queued()).toEqual(
      events.map(({ id }) => ({ event_id: id, topic: 'task-statistics-redelivery' })),
    )
    await travel('0')
    await sql`delete from outbox`
    await sql`delete from task_event_log`
  })
})

describe('what is left alone', () => {
  test.each<[string, (events: { id: string; time?: string }[], user: TestUser) => Promise<unknown>]>([
    [
      'what every subscriber has a receipt of',
      async (events) => {
        for (const event of events) await callAs(countTask, '/events/task-statistics', event)
      },
    ],
    [
      'what waits in the outbox',
      (events) => sql`
      insert into outbox (event_id, event_time, topic, partition_key)
      select id, created_at, topic, task_id from task_event_log where id = any(${events.map(({ id }) => id)})`,
    ],
    [
      'what is kept as a dead letter',
      (events) => sql`
      insert into dead_letters (event_id, fingerprint, event, error)
      select id, id, '', '' from unnest(${events.map(({ id }) => id)}::uuid[]) as id`,
    ],
    [
      'what failed a moment ago: its retries go on',
      (events) => sql`
      insert into event_failures (consumer, event_id, error, failed_at)
      select 'task-statistics', id, '', clock_now() + interval '8 minutes'
      from unnest(${events.map(({ id }) => id)}::uuid[]) as id`,
    ],
  ])('%s', async (_, settle) => {
    const { user, events } = await lost(2)
    await settle(events, user)
    await inTenMinutes()
    expect(await inContext(reconcile)).toBe(0)
    await travel('0')
    await sql`delete from outbox`
    await sql`delete from task_event_log`
  })

  test('what only another consumer handled or failed to, or was replayed in vain, is sent again', async () => {
    const { events } = await lost(2)
    const [first, second] = events.map(({ id }) => id)
    await sql`
      insert into dead_letters (event_id, fingerprint, consumer, event, error, state)
      values
        (${first!}::uuid, 'a', 'occurrence-create', '', '', 'stored'),
        (${second!}::uuid, 'b', 'task-statistics', '', '', 'replayed')`
    await sql`
      insert into inbox (consumer, event_id, event_time)
      select 'occurrence-create', id, created_at from task_event_log where id = ${first!}`
    await inTenMinutes()
    expect(await inContext(reconcile)).toBe(2)
    await travel('0')
    await sql`delete from outbox`
    await sql`delete from task_event_log`
  })

  test.each([
    ['what is younger than five minutes', '4 minutes', 0],
    ['nothing of six minutes', '6 minutes', 1],
    ['what is older than a day', '25 hours', 0],
  ])('%s', async (_, offset, count) => {
    await lost(1)
    await travel(offset)
    expect(await inContext(reconcile)).toBe(count)
    await travel('0')
    await sql`delete from outbox`
    await sql`delete from task_event_log`
  })
})

describe('what was put back', () => {
  test('is left alone for five minutes, then put back again', async () => {
    await lost(1)
    const round = async (offset: string) => {
      await travel(offset)
      const count = await inContext(reconcile)
      await sql`delete from outbox`
      return count
    }
    const counts = []
    for (const minutes of [10, 14, 16, 18]) counts.push(await round(`${minutes} minutes`))
    expect(counts).toEqual([1, 0, 1, 0])
    await travel('0')
    await sql`delete from task_event_log`
  })

  test('is queued once by two ticks at once', async () => {
    await lost(3)
    await inTenMinutes()
    await Promise.all([inContext(reconcile), inContext(reconcile), inContext(reconcile)])
    expect(await queued()).toHaveLength(3)
    await travel('0')
    await sql`delete from outbox`
    await sql`delete from task_event_log`
  })

  test('hours later is found within 23 rounds, a minute apart', async () => {
    await lost(1)
    let found = 0
    for (let minute = 0; minute < 23; minute++) {
      await travel(`7 hours ${minute} minutes`)
      found += await inContext(reconcile)
    }
    expect(found).toBe(1)
    await travel('0')
    await sql`delete from outbox`
    await sql`delete from task_event_log`
  })
})

describe('afterwards', () => {
  test('every effect is there, once, also at subscribers that had it', async () => {
    const { user, events } = await lost(5)
    await callAs(countTask, '/events/task-statistics', events[0])
    await inTenMinutes()
    expect(await inContext(reconcile)).toBe(4)
    for (const event of events) await callAs(countTask, '/events/task-statistics', event)
    expect(await sql`select created from task_statistics where user_id = ${user.id}`).toEqual([
      { created: 5 },
    ])
    expect(await inContext(reconcile)).toBe(0)
  })
})
