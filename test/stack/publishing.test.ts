/** What daprd makes of publications: what the relay relies on, and what of it goes wrong. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { daprd as client, spareOf } from '../../shared/dapr/daprd.ts'
import { topics, type Topic } from '../../shared/contract/events.ts'
import { partitionOf } from '../../shared/dapr/producers.ts'
import type { Outgoing } from '../../shared/dapr/sidecar.ts'
import { configure } from '../../shared/runtime/config.ts'
import { newTopic, recordsOf } from './records.ts'
import { cloudEvent, pubsub, startDaprd, type Daprd } from './sidecar.ts'

let daprd: Daprd

beforeAll(async () => {
  const spare = { ...pubsub(), metadata: { name: spareOf('pubsub') } }
  daprd = await startDaprd({ appId: 'publisher', resources: [pubsub(), spare] })
  configure({ DAPR_HTTP_PORT: String(daprd.port) })
})
afterAll(async () => void (await daprd.stop()))

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** As the relay hands it over. */
function outgoing(topic: string, key: string, more: object = {}): Outgoing {
  const id = randomUUID()
  return { topic: topic as Topic, key, id, event: JSON.stringify(cloudEvent(id, more)) }
}

const eventIn = ({ value }: { value: string }) =>
  JSON.parse(value) as Record<string, unknown> & { id: string }

describe('our client', () => {
  test('a record has the key, the content type of a structured CloudEvent, and the bytes of the event', async () => {
    const topic = await newTopic(3)
    const data = { title: 'Tea 🫖 <b> & "milk"', number: 9007199254740991, part: 1.5 }
    const given = outgoing(topic, 'task 1', { subject: 'task 1', traceparent: trace, data })
    expect(await client.publish([given])).toEqual([undefined])
    const [record] = await recordsOf(topic, 1)
    expect(record).toMatchObject({
      key: 'task 1',
      headers: { 'content-type': 'application/cloudevents+json' },
      value: given.event,
    })
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

  test('the partition of a key is the one that we think', async () => {
    const topic = await newTopic(topics['task-created'])
    const keys = Array.from({ length: 100 }, () => randomUUID())
    expect((await client.publish(keys.map((key) => outgoing(topic, key)))).filter(Boolean)).toEqual([])
    const records = await recordsOf(topic, keys.length)
    expect(records.map(({ partition }) => partition)).toEqual(
      records.map(({ key }) => partitionOf('task-created', key)),
    )
  })

  test('an event that the broker refuses fails alone: the others of the request are stored', async () => {
    const topic = await newTopic()
    const tooLarge = outgoing(topic, 'b', { data: { text: 'x'.repeat(1_100_000) } })
    const batch = [outgoing(topic, 'a'), tooLarge, outgoing(topic, 'c')]
    const outcomes = await client.publish(batch)
    expect(outcomes.map((outcome) => outcome instanceof Error)).toEqual([false, true, false])
    const stored = (await recordsOf(topic, 2)).map((record) => eventIn(record).id)
    expect(stored).toEqual([batch[0]!.id, batch[2]!.id])
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
    expect(stored.toSorted()).toEqual(batch.map(({ id }) => id).toSorted())
  })
})

describe('bulk publish', () => {
  type Entry = {
    entryId: string
    contentType: string
    event: object | string
    metadata?: Record<string, string>
  }
  const entry = (event: object, metadata: Record<string, string> = {}): Entry => ({
    entryId: randomUUID(),
    contentType: 'application/cloudevents+json',
    event,
    metadata,
  })
  const bulk = async (topic: string, entries: Entry[], query = '') =>
    daprd.post(`v1.0/publish/bulk/pubsub/${topic}${query}`, entries)

  test('only as text are the bytes kept: an event that is an object is written anew, its trace emptied', async () => {
    const topic = await newTopic()
    const event = cloudEvent('one', { traceparent: trace, data: { text: '<b>' } })
    const asText = { ...entry({}), contentType: 'text/plain', event: JSON.stringify(event) }
    await bulk(topic, [entry(event)])
    await bulk(topic, [asText], '?metadata.rawPayload=true')
    const [written, kept] = (await recordsOf(topic, 2)).map(({ value }) => value)
    expect(written).toContain('"traceparent":""')
    expect(written).toContain(String.raw`"\u003cb\u003e"`)
    expect(kept).toBe(JSON.stringify(event))
  })

  test('a key of the request beats those of the entries, so the client gives none', async () => {
    const topic = await newTopic()
    await bulk(topic, [entry(cloudEvent('one'), { partitionKey: 'mine' })], '?metadata.partitionKey=theirs')
    expect((await recordsOf(topic, 1)).map(({ key }) => key)).toEqual(['theirs'])
  })

  test('a request beyond 4 MiB is refused, and nothing is stored', async () => {
    const topic = await newTopic()
    const large = () => entry(cloudEvent(randomUUID(), { data: { text: 'x'.repeat(900_000) } }))
    const entries = Array.from({ length: 5 }, large)
    expect((await bulk(topic, entries)).status).toBe(400)
    expect(await recordsOf(topic, 1, { waitMs: 700 })).toEqual([])
  })

  test('a component that is not there is told from a broker that is away', async () => {
    const { status, text } = await daprd.post('v1.0/publish/bulk/none/task-created', [
      entry(cloudEvent('one')),
    ])
    expect([status, text]).toEqual([404, expect.stringContaining('ERR_PUBSUB_NOT_FOUND')])
  })

  test('ids of entries that are there twice are refused, and nothing is stored', async () => {
    const topic = await newTopic()
    const twice = entry(cloudEvent('one'))
    expect((await bulk(topic, [twice, twice])).status).toBe(400)
    expect(await recordsOf(topic, 1, { waitMs: 700 })).toEqual([])
  })
})
