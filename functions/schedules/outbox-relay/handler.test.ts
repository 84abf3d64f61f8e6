import { afterEach, describe, expect, test } from 'vitest'
import { eventBytesMax } from '../../../shared/contract/events.ts'
import { sql } from '../../../shared/data/sql.ts'
import { BrokerAway, useSidecar, type Outgoing } from '../../../shared/dapr/sidecar.ts'
import { appToken, useDatabase } from '../../../shared/testing/database.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import { drain } from '../../../shared/runtime/drain.ts'
import { inContext } from '../../../shared/testing/context.ts'
import createTask from '../../http/task-create/handler.ts'
import updateTask from '../../http/task-update/handler.ts'
import { addTask } from '../../../shared/testing/task.ts'
import app from './handler.ts'
import { relay } from './relay.ts'

useDatabase()

/** A broker that keeps what it is given, and refuses what it is told to. */
function recordingBroker() {
  const published: Outgoing[] = []
  const refused = new Set<string>()
  useSidecar({
    publish: async (events) =>
      events.map((event) => {
        if (refused.has(event.key)) return new Error('refused')
        published.push(event)
        return undefined
      }),
    sendMail: async () => {},
  })
  return { published, refused }
}

async function createTasks(count: number): Promise<string[]> {
  const user = await signIn()
  const ids: string[] = []
  for (let index = 0; index < count; index++) {
    const reply = await createTask.request('/api/tasks', {
      method: 'POST',
      headers: user.headers,
      body: JSON.stringify({ title: `task ${index}` }),
    })
    ids.push(((await reply.json()) as { id: string }).id)
  }
  return ids
}

const change = (user: TestUser, id: string, fields: object) =>
  updateTask.request(`/api/tasks/${id}`, {
    method: 'PATCH',
    headers: user.headers,
    body: JSON.stringify(fields),
  })

const titleOf = ({ event }: Outgoing) => (JSON.parse(event) as { data: { title: string } }).data.title

const tick = (headers = { 'dapr-api-token': appToken }) =>
  app.request('/schedules/outbox-relay', { method: 'POST', headers })

const waiting = async () => (await sql<{ count: number }[]>`select count(*) from outbox`)[0]!.count

afterEach(async () => {
  await sql`delete from outbox`
})

describe('a tick', () => {
  test('is refused without the token of the sidecar', async () => {
    expect((await tick({ 'dapr-api-token': 'wrong' })).status).toBe(403)
  })

  test('keeps the relay running: what is written meanwhile is published without another tick', async () => {
    const { published } = recordingBroker()
    expect((await tick()).status).toBe(200)
    const [id] = await createTasks(1)
    await until(() => published.some(({ key }) => key === id))
    await drain()
  })
})

describe('publishing', () => {
  test('no event is larger than those of its topic are said to be, the envelope of its delivery included', async () => {
    const envelopeBytes = 1_000
    // One byte on the way here, six on the way on: Dapr writes it as `\u003c`.
    const longest = (length: number, last: string) => '<'.repeat(length - 1) + last
    const asDaprWrites = (event: string) => event.replaceAll('<', String.raw`\u003c`)
    const fields = (last: string) => ({
      title: longest(500, last),
      description: longest(10_000, last),
      tags: Array.from({ length: 20 }, (_, index) => longest(48, last) + String(index).padStart(2, '0')),
      reminders: Array.from({ length: 10 }, (_, index) => `PT${10_000 + index}M`),
      due_date: '2030-01-01T10:00:00',
    })
    const user = await signIn()
    const created = await createTask.request('/api/tasks', {
      method: 'POST',
      headers: user.headers,
      body: JSON.stringify(fields('a')),
    })
    const { id } = (await created.json()) as { id: string }
    const changed = await change(user, id, fields('b'))
    expect(changed.status).toBe(200)
    const { published } = recordingBroker()
    await inContext(relay)
    const sizes = published
      .filter(({ key }) => key === id)
      .map(({ topic, event }) => [topic, Buffer.byteLength(asDaprWrites(event)) + envelopeBytes] as const)
    expect(sizes.map(([topic]) => topic)).toEqual(['task-created', 'task-updated'])
    for (const [topic, bytes] of sizes) {
      expect(bytes).toBeLessThan(eventBytesMax(topic))
      expect(bytes).toBeGreaterThan(eventBytesMax(topic) / 2)
    }
  })

  test('sends each event once, as a CloudEvent of its task, and empties the outbox', async () => {
    const { published } = recordingBroker()
    const ids = await createTasks(3)
    await inContext(relay)
    expect(published.map(({ key }) => key)).toEqual(ids)
    const [first] = published
    expect(first!.topic).toBe('task-created')
    expect(JSON.parse(first!.event)).toEqual({
      specversion: '1.0',
      id: first!.id,
      type: 'todo.task.created.v1',
      source: 'todo',
      subject: ids[0],
      time: expect.stringMatching(/Z$/),
      datacontenttype: 'application/json',
      traceparent: expect.any(String),
      data: expect.objectContaining({ task_id: ids[0], title: 'task 0' }),
    })
    expect(await waiting()).toBe(0)
    await inContext(relay)
    expect(published).toHaveLength(3)
  })

  test('keeps what the broker refused, goes on with other tasks, and sends it later in order', async () => {
    const { published, refused } = recordingBroker()
    const [bad, good] = (await createTasks(2)) as [string, string]
    refused.add(bad)
    await inContext(relay)
    expect(published.map(({ key }) => key)).toEqual([good])
    expect(await waiting()).toBe(1)
    refused.clear()
    await until(async () => {
      await inContext(relay)
      return published.some(({ key }) => key === bad)
    })
    expect(await waiting()).toBe(0)
  })

  test('waits for everybody while the broker is away, and then sends everything at once', async () => {
    let asked = 0
    useSidecar({
      publish: async (events) => {
        asked++
        return events.map(() => new BrokerAway('away'))
      },
      sendMail: async () => {},
    })
    const ids = await createTasks(5)
    const pauseMs = await inContext(relay)
    expect(pauseMs).toBeGreaterThan(0)
    expect(pauseMs).toBeLessThanOrEqual(200)
    await inContext(relay)
    expect(asked).toBe(1)
    const { published } = recordingBroker()
    await until(async () => (await inContext(relay)) > 1_000)
    expect(published.map(({ key }) => key).toSorted()).toEqual(ids.toSorted())
    expect(await waiting()).toBe(0)
  })

  test('keeps what was stored before the broker went away, and what comes behind it', async () => {
    const user = await signIn()
    const id = await addTask(user, { title: 'one' })
    await sql`delete from outbox`
    for (const title of ['a', 'b', 'c']) await change(user, id, { title })
    const stored: string[] = []
    let isAway = false
    useSidecar({
      publish: async (events) => {
        if (isAway) return events.map(() => new BrokerAway('away'))
        isAway = stored.length === 0
        stored.push(...events.map(titleOf))
        return events.map(() => undefined)
      },
      sendMail: async () => {},
    })
    const pauseMs = await inContext(relay)
    expect(pauseMs).toBeGreaterThan(0)
    expect(pauseMs).toBeLessThanOrEqual(200)
    expect(stored).toEqual(['a'])
    expect(await waiting()).toBe(2)
    isAway = false
    await until(async () => {
      await inContext(relay)
      return (await waiting()) === 0
    })
    expect(stored).toEqual(['a', 'b', 'c'])
  })

  test('sends of each task one event at a time, and none behind one that failed', async () => {
    const user = await signIn()
    const ids = await Promise.all([addTask(user, { title: 'one' }), addTask(user, { title: 'other' })])
    await sql`delete from outbox`
    for (const title of ['a', 'b', 'c']) {
      for (const id of ids) await change(user, id, { title })
    }
    const calls: Outgoing[][] = []
    let failing = true
    const isBad = (event: Outgoing) => failing && event.key === ids[0] && titleOf(event) === 'b'
    useSidecar({
      publish: async (events) => {
        calls.push(events)
        return events.map((event) => (isBad(event) ? new Error('refused') : undefined))
      },
      sendMail: async () => {},
    })
    await inContext(relay)
    for (const events of calls) expect(new Set(events.map(({ key }) => key)).size).toBe(events.length)
    const titlesOf = (id: string) =>
      calls
        .flat()
        .filter(({ key }) => key === id)
        .map(titleOf)
    expect(titlesOf(ids[0])).toEqual(['a', 'b'])
    expect(titlesOf(ids[1])).toEqual(['a', 'b', 'c'])
    expect(await waiting()).toBe(2)
    failing = false
    await until(async () => {
      await inContext(relay)
      return (await waiting()) === 0
    })
    expect(titlesOf(ids[0])).toEqual(['a', 'b', 'b', 'c'])
  })

  test('drops what a deleted user left behind, and goes on', async () => {
    const { published } = recordingBroker()
    await createTasks(2)
    await sql`delete from users`
    const [id] = await createTasks(1)
    await inContext(relay)
    expect(published.map(({ key }) => key)).toEqual([id])
    expect(await waiting()).toBe(0)
  })

  test('leaves a task to the relay that has it: two at once publish each event once', async () => {
    const { published } = recordingBroker()
    const ids = await createTasks(40)
    await Promise.all([inContext(relay), inContext(relay), inContext(relay)])
    while ((await waiting()) > 0) await inContext(relay)
    expect(published.map(({ key }) => key).toSorted()).toEqual(ids.toSorted())
  })
})
