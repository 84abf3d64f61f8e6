/** What daprd makes of publications: what the relay relies on, and what of it goes wrong. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daprd as client } from '../../shared/dapr/daprd.ts'
import type { Outgoing } from '../../shared/dapr/sidecar.ts'
import { configure } from '../../shared/runtime/config.ts'
import { newTopic, recordsOf } from './records.ts'
import { cloudEvent, pubsub, startDaprd, type Daprd } from './sidecar.ts'

let daprd: Daprd

beforeAll(async () => {
  daprd = await startDaprd({ appId: 'publisher', resources: [pubsub()] })
  configure({ DAPR_HTTP_PORT: String(daprd.port) })
})
afterAll(async () => void (await daprd.stop()))

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** As the relay hands it over. */
const outgoing = (topic: string, key: string, more: object = {}): Outgoing =>
  ({ topic, key, event: cloudEvent(randomUUID(), more) }) as unknown as Outgoing

const eventIn = ({ value }: { value: string }) =>
  JSON.parse(value) as Record<string, unknown> & { id: string }

describe('our client', () => {
  test('a record has the key, the content type of a structured CloudEvent, and the event as it was given', async () => {
    const topic = await newTopic(3)
    const given = outgoing(topic, 'task 1', {
      subject: 'task 1',
      traceparent: trace,
      traceid: trace,
      data: { title: 'Tea 🫖 <b>' },
    })
    expect(await client.publish([given])).toEqual([undefined])
    const [record] = await recordsOf(topic, 1)
    expect(record).toMatchObject({
      key: 'task 1',
      headers: { 'content-type': 'application/cloudevents+json' },
    })
    expect(eventIn(record!)).toMatchObject(given.event)
  })

  test('one key stays on one partition, in the order of the calls', async () => {
    const topic = await newTopic(3)
    const keys = Array.from({ length: 10 }, (_, index) => `key ${index}`)
    for (let number = 0; number < 50; number++) {
      const batch = keys.map((key) => outgoing(topic, key, { data: { number } }))
      expect((await client.publish(batch)).filter(Boolean)).toEqual([])
    }
    const byKey = Map.groupBy(await recordsOf(topic, 500), ({ key }) => key)
    expect([...byKey.keys()].toSorted()).toEqual(keys)
    for (const records of byKey.values()) {
      expect(new Set(records.map(({ partition }) => partition)).size).toBe(1)
      expect(records.map((record) => (eventIn(record)['data'] as { number: number }).number)).toEqual(
        Array.from({ length: 50 }, (_, index) => index),
      )
    }
  })

  test('an event that the broker refuses fails alone: the others of the request are stored', async () => {
    const topic = await newTopic()
    const tooLarge = outgoing(topic, 'b', { data: { text: 'x'.repeat(1_100_000) } })
    const batch = [outgoing(topic, 'a'), tooLarge, outgoing(topic, 'c')]
    const outcomes = await client.publish(batch)
    expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([false, true, false])
    const stored = (await recordsOf(topic, 2)).map((record) => eventIn(record).id)
    expect(stored).toEqual([batch[0]!.event.id, batch[2]!.event.id])
  })

  test('a topic that nobody declared is an error of its events, and of no others', async () => {
    const topic = await newTopic()
    const outcomes = await client.publish([outgoing('undeclared', 'a'), outgoing(topic, 'b')])
    expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([true, false])
  })

  test('more than fits a request goes in several, by bytes and by number', async () => {
    const topic = await newTopic()
    const batch = Array.from({ length: 505 }, (_, index) =>
      outgoing(topic, `key ${index}`, { data: { text: 'x'.repeat(index < 5 ? 900_000 : 1) } }),
    )
    expect((await client.publish(batch)).filter(Boolean)).toEqual([])
    const stored = (await recordsOf(topic, 505)).map((record) => eventIn(record).id)
    expect(stored.toSorted()).toEqual(batch.map(({ event }) => event.id).toSorted())
  })
})

describe('bulk publish', () => {
  type Entry = { entryId: string; contentType: string; event: object; metadata?: Record<string, string> }
  const entry = (event: object, metadata: Record<string, string> = {}): Entry => ({
    entryId: randomUUID(),
    contentType: 'application/cloudevents+json',
    event,
    metadata,
  })
  const bulk = async (topic: string, entries: Entry[], query = '') =>
    daprd.post(`v1.0/publish/bulk/pubsub/${topic}${query}`, entries)

  test('traceparent is emptied unless traceid says the same', async () => {
    const topic = await newTopic()
    await bulk(topic, [
      entry(cloudEvent('alone', { traceparent: trace })),
      entry(cloudEvent('both', { traceparent: trace, traceid: trace })),
    ])
    const events = (await recordsOf(topic, 2)).map(eventIn)
    expect(events.map(({ id, traceparent }) => [id, traceparent])).toEqual([
      ['alone', ''],
      ['both', trace],
    ])
  })

  test('numbers become floats, so large ones travel as text', async () => {
    const topic = await newTopic()
    const event = JSON.stringify(
      cloudEvent('one', { data: { number: 'N', text: '9007199254740993' } }),
    ).replace('"N"', '9007199254740993')
    const body = `[{"entryId":"1","contentType":"application/cloudevents+json","event":${event}}]`
    expect((await daprd.post(`v1.0/publish/bulk/pubsub/${topic}`, body)).status).toBe(204)
    const [record] = await recordsOf(topic, 1)
    expect(record!.value).toContain('"number":9007199254740992')
    expect(record!.value).toContain('"text":"9007199254740993"')
  })

  test('a key of the request beats those of the entries, so the client gives none', async () => {
    const topic = await newTopic()
    await bulk(topic, [entry(cloudEvent('one'), { partitionKey: 'mine' })], '?metadata.partitionKey=theirs')
    expect((await recordsOf(topic, 1)).map(({ key }) => key)).toEqual(['theirs'])
  })

  test('an event without an id is taken, and gets none', async () => {
    const topic = await newTopic()
    const { id: _, ...nameless } = cloudEvent('one')
    expect((await bulk(topic, [entry(nameless)])).status).toBe(204)
    expect(eventIn((await recordsOf(topic, 1))[0]!).id).toBeUndefined()
  })

  test('a request beyond 4 MiB is refused, and nothing is stored', async () => {
    const topic = await newTopic()
    const large = () => entry(cloudEvent(randomUUID(), { data: { text: 'x'.repeat(900_000) } }))
    const entries = Array.from({ length: 5 }, large)
    expect((await bulk(topic, entries)).status).toBe(400)
    expect(await recordsOf(topic, 1, { waitMs: 700 })).toEqual([])
  })

  test('ids of entries that are there twice are refused, and nothing is stored', async () => {
    const topic = await newTopic()
    const twice = entry(cloudEvent('one'))
    expect((await bulk(topic, [twice, twice])).status).toBe(400)
    expect(await recordsOf(topic, 1, { waitMs: 700 })).toEqual([])
  })
})
