/** The product on its real parts, as `npm run stack` starts them. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Admin } from '@platformatic/kafka'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../../functions/manifest.ts'
import { answers } from '../../local/stack/kafka.ts'
import { mailsIn } from '../../local/stack/mail-server.ts'
import { topics } from '../../shared/contract/events.ts'
import { until } from '../../shared/testing/until.ts'
import { put, recordsOf } from './records.ts'
import { signUp, startRunning, type Client, type Running } from './running.ts'

let stack: Running
let ada: Client

beforeAll(async () => {
  stack = await startRunning()
  ada = await signUp(stack.url, 'Ada')
})
afterAll(async () => void (await stack?.stop()))

type Task = { id: string; version: number }
const create = async (title: string, more: object = {}) => {
  const { status, body } = await ada.call<Task>('POST', '/api/tasks', { title, ...more })
  expect(status).toBe(201)
  return body
}
const eventsWithoutReceipt = () => stack.sql<{ id: string; consumer: string }[]>`
  select logged.id, consumer
  from task_event_log as logged
  join unnest(${['task-created', 'task-completed']}::text[], ${['task-statistics', 'task-statistics']}::text[]) as bound (topic, consumer)
    using (topic)
  where not exists (select from inbox where inbox.consumer = bound.consumer and inbox.event_id = logged.id)`
const allHandled = (timeoutMs = 30_000) =>
  until(
    async () =>
      (await eventsWithoutReceipt()).length === 0 && (await stack.sql`select 1 from outbox`).length === 0,
    timeoutMs,
  )
const created = async () =>
  (await ada.call<{ statistics: { created: number } }>('GET', '/api/me')).body.statistics.created

describe('the page', () => {
  test('shows every part with version and address, and all are ready', async () => {
    const status = await stack.status()
    const called = rows.filter(([, row]) => row.trigger !== 'http')
    const names = [
      'postgres',
      'kafka',
      'smtp',
      'gateway',
      ...called.map(([name]) => name),
      ...called.map(([name]) => `${name}-trigger-daprd`),
      ...called.filter(([, row]) => row.sidecar).map(([name]) => `${name}-daprd`),
    ]
    expect(status.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    expect(status.filter(({ ready, version, address }) => !ready || !version || !address)).toEqual([])
  })

  test('topics are declared with the partitions of the contract', async () => {
    const admin = new Admin({ clientId: 'todo-test', bootstrapBrokers: [stack.brokers] })
    const { topics: found } = await admin.metadata({ topics: Object.keys(topics) })
    await admin.close()
    expect(
      Object.fromEntries([...found].map(([name, { partitionsCount }]) => [name, partitionsCount])),
    ).toEqual(topics)
  })
})

test('a task that falls due is notified and mailed, through the broker', async () => {
  const due = new Date(Date.now() + 2_000).toISOString()
  const { id } = await create('Tea & biscuits', { due_date: due })
  const notified = async () =>
    (
      await ada.call<{ items: { task_id: string; deliveries: { channel: string; state: string }[] }[] }>(
        'GET',
        '/api/notifications',
      )
    ).body.items.find(({ task_id }) => task_id === id)
  await until(
    async () => (await notified())?.deliveries.every(({ state }) => state === 'sent') ?? false,
    15_000,
  )
  const [name] = await mailsIn(join(stack.directory, 'mail'), 1)
  const mail = await PostalMime.parse(await readFile(join(stack.directory, 'mail', name!)))
  expect(mail.to?.map(({ address }) => address)).toEqual(['ada@example.org'])
  expect(mail.subject).toContain('Tea & biscuits')

  for (const [topic, type] of [
    ['task-created', 'todo.task.created.v1'],
    ['task-due-soon', 'todo.task.due-soon.v1'],
    ['notification-email', 'todo.notification.email.v1'],
  ] as const) {
    const record = (await recordsOf(topic, 100, { brokers: stack.brokers, waitMs: 1_500 })).find(
      ({ key }) => key === id,
    )
    expect(record!.headers['content-type']).toBe('application/cloudevents+json')
    const event = JSON.parse(record!.value) as Record<string, unknown>
    expect(event).toMatchObject({
      specversion: '1.0',
      source: 'todo',
      type,
      subject: id,
      data: { task_id: id, user_id: ada.userId },
    })
    const [logged] =
      await stack.sql`select event_data, traceparent from task_event_log where id = ${event['id'] as string}`
    expect(event).toMatchObject({
      data: logged!['event_data'] as object,
      traceparent: logged!['traceparent'] as string,
    })
  }
})

test('a delivery that does not come from the sidecar is refused', async () => {
  const { address } = (await stack.status()).find(({ name }) => name === 'task-statistics')!
  for (const headers of [{}, { 'dapr-api-token': 'guessed' }]) {
    const reply = await fetch(`${address}/events/task-statistics`, { method: 'POST', headers, body: '{}' })
    expect(reply.status).toBe(403)
  }
})

test('what cannot be handled is a dead letter with its topic, and the rest goes on', async () => {
  const { brokers } = stack
  await put('task-created', 'no JSON', { brokers })
  await put('task-created', '{"id":"01890a5d-ac96-774b-bcce-b302099a8057","nonsense":true}', { brokers })
  // The sidecar itself refuses what is no JSON where it hands over one by one.
  await put('notification-email', 'no JSON', { brokers })
  const letters = () => stack.sql`
    select topic, consumer, event, state from dead_letters order by topic, consumer nulls first`
  await until(async () => (await letters()).length === 3, 15_000)
  expect(await letters()).toMatchObject([
    { topic: 'notification-email', consumer: null, event: 'no JSON', state: 'stored' },
    { topic: 'task-created', consumer: null, event: 'no JSON', state: 'stored' },
    { topic: 'task-created', consumer: 'task-statistics', state: 'stored' },
  ])
  await create('after the poison')
  await allHandled()
})

describe('killed and started again, with nothing lost and nothing counted twice:', () => {
  test.each([
    'outbox-relay',
    'outbox-relay-daprd',
    'task-statistics',
    'task-statistics-trigger-daprd',
    'kafka',
    'gateway',
  ])('%s', async (part) => {
    await allHandled()
    const before = await created()
    const restarts = async () => (await stack.status()).find(({ name }) => name === part)!.restarts
    const restartsBefore = await restarts()
    let made = 0
    let unknown = 0
    const flowing = (async () => {
      for (let round = 0; round < 40; round++) {
        const outcome = await ada
          .call('POST', '/api/tasks', { title: `${part} ${round}` })
          .catch(() => undefined)
        if (outcome?.status === 201) made++
        else unknown++
        await sleep(50)
      }
    })()
    await sleep(500)
    await stack.signal(part, 'SIGKILL')
    await flowing
    await stack.allReady()
    await allHandled()
    expect(await restarts()).toBe(restartsBefore + 1)
    const [{ tasks }] = await stack.sql<[{ tasks: number }]>`
      select count(*)::int as tasks from tasks where title like ${`${part} %`}`
    expect(await created()).toBe(before + tasks)
    expect(tasks).toBeGreaterThanOrEqual(made)
    expect(tasks).toBeLessThanOrEqual(made + unknown)
    if (part !== 'gateway') expect(unknown).toBe(0)
  })
})

test('records that vanish before their consumer reads them are sent again by event-reconcile', async () => {
  await allHandled()
  const before = await created()
  await stack.signal('task-statistics-trigger-daprd', 'SIGSTOP')
  const made = await Promise.all(Array.from({ length: 6 }, (_, index) => create(`vanishing ${index}`)))
  await until(async () => (await stack.sql`select 1 from outbox`).length === 0)
  const admin = new Admin({ clientId: 'todo-test', bootstrapBrokers: [stack.brokers] })
  const partitions = Array.from({ length: topics['task-created'] }, (_, partition) => ({
    partition,
    offset: -1n,
  }))
  await admin.deleteRecords({ topics: [{ name: 'task-created', partitions }] })
  await admin.close()
  await stack.signal('task-statistics-trigger-daprd', 'SIGCONT')
  await sleep(2_000)
  // What was on its way to the frozen consumer already is not among them.
  expect(await created()).toBeLessThan(before + made.length)

  // Six minutes later: its patience is five, its period one.
  const [{ name }] = await stack.sql<[{ name: string }]>`select current_database() as name`
  await stack.sql.unsafe(`alter database ${name} set todo.clock_offset = '6 minutes'`)
  await stack.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'todo'`
  await until(async () => (await created().catch(() => -1)) === before + made.length, 100_000)
}, 150_000)

test('Ctrl-C ends every process that it started, and no other', async () => {
  const { brokers } = stack
  const pids = (await stack.status()).flatMap(({ pid }) => pid ?? [])
  const foreign = execFileSync('sh', ['-c', 'sleep 300 >/dev/null 2>&1 & echo $!']).toString().trim()
  const [{ postmaster }] = await stack.sql<
    [{ postmaster: string }]
  >`select current_setting('data_directory') as postmaster`
  expect(await stack.stop()).toBe(0)
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  expect(pids.filter(isAlive)).toEqual([])
  await expect(readFile(join(postmaster, 'postmaster.pid'))).rejects.toThrow('ENOENT')
  expect(await answers(brokers)).toBe(false)
  expect(isAlive(Number(foreign))).toBe(true)
  process.kill(Number(foreign))
})
