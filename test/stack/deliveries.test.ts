/** What daprd makes of the answers to a delivery. Each claim is one that our handlers, or their policies, rely on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from '../../shared/testing/until.ts'
import { emptied, newTopic, put, recordsOf } from './records.ts'
import {
  cloudEvent,
  pubsub,
  resiliency,
  startApp,
  startDaprd,
  subscription,
  type App,
  type Call,
  type Daprd,
} from './sidecar.ts'

const running: { stop?(): unknown; close?(): unknown }[] = []
afterEach(async () => {
  for (const one of running.splice(0).toReversed()) await (one.stop?.() ?? one.close?.())
})

type Answer = Parameters<typeof startApp>[0]
type Set = { topic: string; dead: string; app: App; daprd: Daprd }

/** A consumer of a topic of its own, with our kind of policy and a dead-letter topic. */
async function consumer(
  answer?: Answer,
  {
    spec = {},
    resources = [resiliency()],
    env = {},
    partitions = 1,
    deadLetters = true,
    metadata = {},
  }: {
    spec?: object
    resources?: object[]
    env?: Record<string, string>
    partitions?: number
    deadLetters?: boolean
    metadata?: Record<string, string>
  } = {},
): Promise<Set> {
  const [topic, dead, app] = await Promise.all([newTopic(partitions), newTopic(), startApp(answer)])
  running.push(app)
  const bound = subscription(topic, { ...(deadLetters && { deadLetterTopic: dead }), ...spec })
  const daprd = await startDaprd({
    appId: `app-${topic}`,
    app,
    resources: [pubsub(metadata), bound, ...resources],
    env,
  })
  running.push(daprd)
  return { topic, dead, app, daprd }
}

const send = (topic: string, ...ids: string[]) =>
  Promise.all(ids.map((id) => put(topic, JSON.stringify(cloudEvent(id)))))

const textOf = (base64: unknown) => Buffer.from(String(base64), 'base64').toString()

const idsIn = (values: { value: string }[]) =>
  values.map(({ value }) => (JSON.parse(value) as { id: string }).id)

describe('one event at a time', () => {
  test.each<[string, ReturnType<NonNullable<Answer>>]>([
    ['200 with SUCCESS', { status: 200, body: { status: 'SUCCESS' } }],
    ['204', { status: 204, body: '' }],
    ['an empty 200', { status: 200, body: '' }],
  ])('%s is done: delivered once', async (_, answer) => {
    const { topic, dead, app } = await consumer(() => answer)
    await send(topic, 'one')
    await send(topic, 'two')
    await until(() => app.calls.length >= 2)
    expect(app.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(['one', 'two'])
    expect(await recordsOf(dead, 1, { waitMs: 700 })).toEqual([])
    expect(app.calls).toHaveLength(2)
  })

  test.each<[string, ReturnType<NonNullable<Answer>>]>([
    ['200 with DROP', { status: 200, body: { status: 'DROP' } }],
    ['404', { status: 404 }],
  ])('%s goes to the dead letters at once', async (_, answer) => {
    const { topic, dead, app } = await consumer(() => answer)
    await send(topic, 'one')
    expect(idsIn(await recordsOf(dead, 1))).toEqual(['one'])
    expect(app.calls).toHaveLength(1)
  })

  test.each(['before the head', 'with a reset'] as const)(
    'a connection that breaks %s is no answer: delivered again',
    async (breaks) => {
      const { topic, app } = await consumer(() => ({ breaks }))
      await send(topic, 'one')
      await until(() => app.calls.length >= 2)
      expect(new Set(app.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id))).toEqual(
        new Set(['one']),
      )
    },
  )

  test('a connection that breaks after the head of a 200 is done, which is why nothing is sent before the work is done', async () => {
    const { topic, app } = await consumer(() => ({ breaks: 'after the head' }))
    await send(topic, 'one')
    await send(topic, 'two')
    await until(() => app.calls.length >= 2)
    expect(app.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(['one', 'two'])
  })

  test.each<[string, ReturnType<NonNullable<Answer>>]>([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['422', { status: 422 }],
    ['403', { status: 403 }],
    ['500 with DROP', { status: 500, body: { status: 'DROP' } }],
    ['200 with a word that Dapr does not know', { status: 200, body: { status: 'ok' } }],
    ['no answer in time', { afterMs: 1_500 }],
  ])('%s is asked again, then goes to the dead letters', async (_, answer) => {
    const { topic, dead, app } = await consumer(() => answer)
    await send(topic, 'one')
    expect(idsIn(await recordsOf(dead, 1))).toEqual(['one'])
    expect(app.calls).toHaveLength(3)
  })

  test('a dead letter tells its topic and no reason; it keeps key and headers', async () => {
    const { topic, dead } = await consumer(() => ({ status: 500, body: { error: 'the reason' } }))
    await put(topic, JSON.stringify(cloudEvent('one')), { key: 'k', headers: { mine: 'kept' } })
    const [letter] = await recordsOf(dead, 1)
    expect(letter).toMatchObject({
      key: 'k',
      headers: { __topic: topic, __partition: '0', __offset: '0', mine: 'kept' },
    })
    expect(JSON.stringify(letter)).not.toContain('the reason')
  })

  test('without the dead-letter topic a poisonous record holds up what is behind it', async () => {
    const { topic, app } = await consumer(
      ({ body }) => (body.includes('"one"') ? { status: 500 } : undefined),
      {
        deadLetters: false,
      },
    )
    await send(topic, 'one')
    await until(() => app.calls.length >= 3)
    await send(topic, 'two')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(app.calls.filter(({ body }) => body.includes('"two"'))).toEqual([])
  })

  test('the order within a partition is kept while an event is repeated', async () => {
    let failures = 2
    const { topic, app } = await consumer(({ body }) =>
      body.includes('"one"') && failures-- > 0 ? { status: 500 } : undefined,
    )
    await send(topic, 'one')
    await send(topic, 'two')
    await until(() => app.calls.length >= 4)
    expect(app.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual([
      'one',
      'one',
      'one',
      'two',
    ])
  })

  test('partitions are handled side by side, one event of each', async () => {
    let inFlight = 0
    let most = 0
    const { topic, app } = await consumer(
      () => {
        most = Math.max(most, ++inFlight)
        setTimeout(() => inFlight--, 190)
        return { afterMs: 200 }
      },
      { partitions: 3 },
    )
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        put(topic, JSON.stringify(cloudEvent(`${index}`)), { key: `key ${index}` }),
      ),
    )
    await until(() => app.calls.length >= 30)
    expect(most).toBe(3)
  })

  test('a tombstone arrives as null, and no JSON goes to the dead letters unseen', async () => {
    const { topic, dead, app } = await consumer()
    await put(topic, 'null')
    await put(topic, 'no JSON')
    expect((await recordsOf(dead, 1)).map(({ value }) => value)).toEqual(['no JSON'])
    expect(app.calls.map(({ body }) => body)).toEqual(['null'])
  })

  test('raw, every record arrives, wrapped and in base64', async () => {
    const { topic, app } = await consumer(undefined, { spec: { metadata: { rawPayload: 'true' } } })
    const values = ['no JSON', 'null', JSON.stringify(cloudEvent('one')), '']
    for (const value of values) await put(topic, value, { headers: { mine: 'kept' } })
    await until(() => app.calls.length === values.length)
    const bodies = app.calls.map(({ body }) => JSON.parse(body) as { type: string; data_base64: string })
    expect(bodies.map(({ data_base64 }) => textOf(data_base64))).toEqual(values)
    expect(new Set(bodies.map(({ type }) => type))).toEqual(new Set(['com.dapr.event.sent']))
    expect(app.calls[0]!.headers).toMatchObject({ __topic: topic, mine: 'kept' })
  })

  test('a traceid that is no text does not end the sidecar', async () => {
    const { topic, app } = await consumer()
    await put(topic, JSON.stringify(cloudEvent('one', { traceid: 7, traceparent: 7 })))
    await send(topic, 'two')
    await until(() => app.calls.some(({ body }) => body.includes('"two"')))
    expect(app.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(['one', 'two'])
  })
})

describe('many events in one delivery', () => {
  const bulk = { spec: { bulkSubscribe: { enabled: true, maxMessagesCount: 10, maxAwaitDurationMs: 200 } } }
  type Entries = { entries: { entryId: string; event: { id: string } }[] }
  const entriesOf = ({ body }: Call) => (JSON.parse(body) as Entries).entries
  const delivered = (app: App) => app.calls.flatMap(entriesOf).map(({ event }) => event.id)

  test('each entry is answered for: RETRY comes again, DROP is a dead letter, what is missing comes again', async () => {
    const answers: Record<string, string[]> = {
      done: ['SUCCESS'],
      drop: ['DROP'],
      retry: ['RETRY', 'SUCCESS'],
      silent: [],
    }
    let silences = 1
    const { topic, dead, app } = await consumer((call) => {
      const statuses = entriesOf(call).flatMap(({ entryId, event }) => {
        if (event.id === 'silent') return silences-- > 0 ? [] : [{ entryId, status: 'SUCCESS' }]
        return [{ entryId, status: answers[event.id]!.shift() ?? 'SUCCESS' }]
      })
      return { body: { statuses } }
    }, bulk)
    await send(topic, 'done', 'drop', 'retry', 'silent')
    expect(idsIn(await recordsOf(dead, 1))).toEqual(['drop'])
    await until(() => delivered(app).filter((id) => id === 'silent').length === 2)
    const times = (id: string) => delivered(app).filter((other) => other === id).length
    expect([times('done'), times('drop'), times('retry')]).toEqual([1, 1, 2])
  })

  test('not raw, a record that is no JSON shifts the places of its neighbours: a DROP behind it ends the sidecar', async () => {
    const { topic, daprd } = await consumer(
      (call) => ({ body: { statuses: entriesOf(call).map(({ entryId }) => ({ entryId, status: 'DROP' })) } }),
      bulk,
    )
    await put(topic, 'no JSON')
    await send(topic, 'drop')
    expect(await daprd.ended).toBe(2)
    expect(daprd.log()).toContain('index out of range [1] with length 1')
  })

  test('raw, every record arrives as the bytes that it is, and a DROP is the dead letter of its own', async () => {
    const raw = { spec: { ...bulk.spec, metadata: { rawPayload: 'true' } } }
    const { topic, dead, app } = await consumer((call) => {
      const statuses = entriesOf(call).map(({ entryId, event }) => ({
        entryId,
        status: textOf(event).includes('"done"') ? 'SUCCESS' : 'DROP',
      }))
      return { body: { statuses } }
    }, raw)
    const values = [
      'no JSON',
      'null',
      '[]',
      JSON.stringify(cloudEvent('done')),
      JSON.stringify(cloudEvent('drop')),
    ]
    for (const value of values) await put(topic, value, { key: 'k', headers: { mine: 'kept' } })
    const letters = await recordsOf(dead, 4)
    expect(letters.map(({ value }) => value)).toEqual(['no JSON', '', '[]', values[4]])
    expect(letters[0]).toMatchObject({ key: 'k', headers: { __topic: topic, mine: 'kept' } })
    expect(app.calls.flatMap(entriesOf).map(({ event }) => textOf(event))).toEqual(values)
  })

  test('an empty 200 is a failure, other than for one event', async () => {
    const { topic, dead } = await consumer(() => ({ status: 200, body: '' }), bulk)
    await send(topic, 'one')
    expect(idsIn(await recordsOf(dead, 1))).toEqual(['one'])
  })

  test('404 loses the events without a trace: our bulk handlers never answer it', async () => {
    const { topic, dead, app } = await consumer(() => ({ status: 404 }), bulk)
    await send(topic, 'one')
    await until(() => app.calls.length > 0)
    expect(await recordsOf(dead, 1, { waitMs: 1_500 })).toEqual([])
    expect(app.calls).toHaveLength(1)
  })
})

test('records that are gone before a running consumer has read them: it goes on with what follows', async () => {
  const metadata = { sessionTimeout: '6s', heartbeatInterval: '1s' }
  const { topic, app, daprd } = await consumer(undefined, { metadata })
  await send(topic, 'one')
  await until(() => app.calls.length === 1, 20_000)
  daprd.signal('SIGSTOP')
  await send(topic, 'two', 'three')
  await emptied(topic)
  daprd.signal('SIGCONT')
  await sleep(2_000)
  await send(topic, 'four')
  const hasFour = () => app.calls.some(({ body }) => body.includes('"four"'))
  await expect.poll(hasFour, { timeout: 20_000 }).toBe(true)
})

test('the same in bulk: the topic stands still without an error, and another one of the same sidecar flows', async () => {
  const other = await newTopic()
  const { topic, app, daprd } = await consumer(undefined, {
    spec: { bulkSubscribe: { enabled: true, maxMessagesCount: 10, maxAwaitDurationMs: 20 } },
    resources: [resiliency(), subscription(other)],
    metadata: { sessionTimeout: '6s', heartbeatInterval: '1s' },
  })
  await send(topic, 'one')
  await until(() => app.calls.length === 1, 20_000)
  daprd.signal('SIGSTOP')
  // The first is on its way already: it answers what the sidecar asked before.
  await send(topic, 'two')
  await send(topic, 'three')
  await emptied(topic)
  daprd.signal('SIGCONT')
  await sleep(2_000)
  await send(topic, 'four')
  await send(other, 'five')
  const has = (id: string) => app.calls.some(({ body }) => body.includes(`"${id}"`))
  await expect.poll(() => has('five'), { timeout: 20_000 }).toBe(true)
  await sleep(1_000)
  expect(has('four')).toBe(false)
})

describe('who calls', () => {
  test('the app token is with every delivery, and a header of a record cannot stand for it', async () => {
    const { topic, app } = await consumer(undefined, { env: { APP_API_TOKEN: 'the token' } })
    await put(topic, JSON.stringify(cloudEvent('one')), {
      headers: { 'dapr-api-token': 'forged', 'x-user': 'somebody' },
    })
    await until(() => app.calls.length > 0)
    const [{ headers, path, method }] = app.calls as [Call]
    expect([method, path]).toEqual(['POST', '/events/test'])
    expect(headers['dapr-api-token']).toBe('the token')
    // What a record carries does arrive: nothing may be believed of it.
    expect(headers['x-user']).toBe('somebody')
  })

  test('nothing is asked of the app before a delivery', async () => {
    const { app } = await consumer()
    expect(app.calls).toEqual([])
  })

  test('a delivery is structured, and says where it was', async () => {
    const { topic, app } = await consumer()
    await put(topic, JSON.stringify(cloudEvent('one')), { key: 'k' })
    await until(() => app.calls.length > 0)
    expect(app.calls[0]!.headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      __key: 'k',
      __topic: topic,
    })
  })
})

describe('the first start of a consumer', () => {
  test.each([
    ['oldest', ['before', 'after']],
    ['newest', ['after']],
  ])('initialOffset %s: of what came before and after it reads %j', async (initialOffset, expected) => {
    const [topic, app] = await Promise.all([newTopic(), startApp()])
    running.push(app)
    await send(topic, 'before')
    const daprd = await startDaprd({
      appId: `app-${topic}`,
      app,
      resources: [pubsub({ initialOffset }), subscription(topic)],
    })
    running.push(daprd)
    // Until it has joined its group, which nothing tells.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await send(topic, 'after')
    await until(() => app.calls.some(({ body }) => body.includes('after')))
    expect(app.calls.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(expected)
  })
})
