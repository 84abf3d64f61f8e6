import { afterEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { travel, useDatabase } from '../../../shared/testing/database.ts'
import { callAs } from '../../../shared/testing/delivery.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { cleanUp } from './clean.ts'

useDatabase()

const partitionsOf = async (parent: string) =>
  (
    await sql<{ name: string }[]>`
    select inhrelid::regclass::text as name
    from pg_inherits
    where inhparent = ${parent}::regclass
    order by 1`
  ).map(({ name }) => name)

afterEach(() => travel('0'))

describe('a tick', () => {
  test('is refused without the token of the sidecar', async () => {
    expect((await app.request('/schedules/housekeeping', { method: 'POST' })).status).toBe(403)
  })
})

describe('partitions', () => {
  test('are there before they are needed, and gone when nobody asks for them any more', async () => {
    const before = { log: await partitionsOf('task_event_log'), inbox: await partitionsOf('inbox') }
    await travel('20 days')
    const removed = await inContext(cleanUp)
    const after = await partitionsOf('inbox')
    expect(removed['inbox']).toBeGreaterThan(0)
    expect(after.filter((name) => before.inbox.includes(name))).toEqual(['inbox_other'])
    expect(after.length).toBeGreaterThan(7)
    expect(await partitionsOf('task_event_log')).toEqual(expect.arrayContaining(before.log))
    await travel('2 years')
    expect((await inContext(cleanUp))['task_event_log']).toBeGreaterThan(0)
    expect((await partitionsOf('task_event_log')).filter((name) => before.log.includes(name))).toEqual([
      'task_event_log_other',
    ])
  })

  test('a row that came before its partition moves into it', async () => {
    await travel('400 days')
    await sql`insert into inbox (consumer, event_id, event_time) values ('x', gen_random_uuid(), clock_now())`
    expect(await sql`select 1 from inbox_other`).toHaveLength(1)
    await inContext(cleanUp)
    expect(await sql`select 1 from inbox_other`).toHaveLength(0)
    expect(await sql`select 1 from inbox where consumer = 'x'`).toHaveLength(1)
  })
})

describe('when a lock cannot be had', () => {
  test('it gives up soon, does the rest, and says that it failed', async () => {
    await travel('30 days')
    await sql`insert into event_failures (consumer, event_id, error, failed_at) values ('locked', gen_random_uuid(), '', now())`
    const startedAt = performance.now()
    const status = await sql.begin(async (tx) => {
      await tx`lock table inbox in access share mode`
      await tx`lock table inbox_other in access share mode`
      return (await callAs(app, '/schedules/housekeeping')).status
    })
    expect(status).toBe(503)
    expect(performance.now() - startedAt).toBeLessThan(8_000)
    expect(await sql`select 1 from event_failures where consumer = 'locked'`).toEqual([])
    expect((await callAs(app, '/schedules/housekeeping')).status).toBe(200)
  })
})

describe('what is too old', () => {
  test('a task goes thirty days after it was deleted, with its reminders and its history; nothing else does', async () => {
    const user = await signIn()
    const [gone, kept] = [await addTask(user, { due_date: '2099-01-01' }), await addTask(user)]
    await sql`
      insert into task_event_log (task_id, user_id, event_type, event_data)
      select id, user_id, 'task.created', '{}' from tasks where id in (${gone}, ${kept})`
    await sql`update tasks set deleted_at = clock_now() where id = ${gone}`
    await travel('29 days')
    expect((await inContext(cleanUp))['tasks']).toBeUndefined()
    await travel('31 days')
    expect((await inContext(cleanUp))['tasks']).toBe(1)
    const left = (table: string) => sql`select 1 from ${sql(table)} where task_id = ${gone}`
    expect([await left('reminders'), await left('task_event_log')]).toEqual([[], []])
    expect(await sql`select 1 from task_event_log where task_id = ${kept}`).toHaveLength(1)
  })

  test('dead letters of an account that has ended', async () => {
    const [kept, gone] = [await signIn(), await signIn()]
    const about = ({ id }: { id: string }) => JSON.stringify({ data: { user_id: id, title: 'Secret' } })
    await sql`
      insert into dead_letters (fingerprint, event, error)
      values ('1', ${about(kept)}, ''), ('2', ${about(gone)}, ''), ('3', 'no user_id', '')`
    await sql`delete from users where id = ${gone.id}`
    expect((await inContext(cleanUp))['dead_letters']).toBe(1)
    expect(await sql`select event from dead_letters order by fingerprint`).toEqual([
      { event: about(kept) },
      { event: 'no user_id' },
    ])
    await sql`delete from dead_letters`
  })

  test('a series that was purged leaves the history of its tasks', async () => {
    const user = await signIn()
    const task = await addTask(user)
    const [series] = await sql<[{ id: string }]>`
      insert into recurring_tasks (user_id, title, recurrence_type, start_date, settled_through, is_active, deleted_at)
      values (${user.id}, 'x', 'daily', '2026-01-01', '2026-01-01', false, clock_now())
      returning id`
    await sql`update tasks set recurring_task_id = ${series.id} where id = ${task}`
    await sql`
      insert into task_event_log (task_id, recurring_task_id, user_id, event_type, event_data)
      values (${task}, ${series.id}, ${user.id}, 'task.created', '{}'), (null, ${series.id}, ${user.id}, 'recurring-task.created', '{}')`
    await travel('31 days')
    expect((await inContext(cleanUp))['recurring_tasks']).toBe(1)
    expect(await sql`select event_type from task_event_log where user_id = ${user.id}`).toEqual([
      { event_type: 'task.created' },
    ])
    expect(await sql`select recurring_task_id from tasks where id = ${task}`).toEqual([
      { recurring_task_id: null },
    ])
  })

  test.each([
    [
      'idempotency keys after a day',
      () =>
        sql`insert into idempotency_keys (user_id, key, request_hash) select gen_random_uuid(), n, '' from generate_series(1, 2500) as n`,
      'idempotency_keys',
      '23 hours',
      '25 hours',
      2500,
    ],
    [
      'failures after eight days',
      () => sql`insert into event_failures (consumer, event_id, error) values ('x', gen_random_uuid(), '')`,
      'event_failures',
      '7 days',
      '9 days',
      1,
    ],
    [
      'replayed dead letters after thirty days',
      () =>
        sql`insert into dead_letters (fingerprint, event, error, state, replayed_at) values ('a', '', '', 'replayed', clock_now()), ('b', '', '', 'stored', null)`,
      'dead_letters',
      '29 days',
      '31 days',
      1,
    ],
    [
      'sessions when they end',
      async () => {
        const { id } = await signIn()
        await sql`insert into sessions (user_id, token, expires_at) values (${id}, ${id}, clock_now() + interval '2 days')`
      },
      'sessions',
      '1 day',
      '3 days',
      1,
    ],
    [
      'verifications when they end',
      () =>
        sql`insert into verifications (identifier, value, expires_at) values ('x', '', clock_now() + interval '2 days')`,
      'verifications',
      '1 day',
      '3 days',
      1,
    ],
    [
      'receipts that no partition was there for, eight days after they were written',
      () =>
        sql`insert into inbox (consumer, event_id, event_time) values ('x', gen_random_uuid(), '2020-01-01')`,
      'inbox_other',
      '7 days',
      '9 days',
      1,
    ],
    [
      'events that no partition was there for, after thirteen months',
      async () => {
        const user = await signIn()
        await sql`
          insert into task_event_log (task_id, user_id, event_type, event_data, created_at)
          values (${await addTask(user)}, ${user.id}, 'task.created', '{}', clock_now() - interval '12 months')`
      },
      'task_event_log_other',
      '1 day',
      '40 days',
      1,
    ],
  ])('%s', async (_, add, table, young, old, count) => {
    await add()
    await travel(young)
    expect((await inContext(cleanUp))[table]).toBeUndefined()
    await travel(old)
    expect((await inContext(cleanUp))[table]).toBe(count)
  })
})

describe('two ticks at once', () => {
  test('are like one, also when both find partitions to make', async () => {
    await travel('900 days')
    const replies = await Promise.all([
      callAs(app, '/schedules/housekeeping'),
      callAs(app, '/schedules/housekeeping'),
    ])
    expect(replies.map(({ status }) => status)).toEqual([200, 200])
  })
})
