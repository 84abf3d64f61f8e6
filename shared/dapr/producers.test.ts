import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { topics, type Topic } from '../contract/events.ts'
import { createProducers, partitionOf, type Producer } from './producers.ts'
import { BrokerAway, SidecarAway, type Outgoing } from './sidecar.ts'

const refusalMs = 100
const failureMs = 757
type Breaker = { errors: number; failedAt: number; openedAt?: number }
type Call = { producer: Producer; events: number; ms: number }

/** A broker that can be away, behind clients that fail as those in the sidecar do. Time passes while they publish. */
function clients() {
  const breakers = new Map<string, Breaker>()
  const world = { ms: Date.UTC(2026, 0), isAway: false, calls: [] as Call[] }

  function fail(breaker: Breaker, at: number): void {
    breaker.errors = at - breaker.failedAt > 10_000 ? 1 : breaker.errors + 1
    breaker.failedAt = at
    if (breaker.openedAt !== undefined || breaker.errors >= 3) breaker.openedAt = at
  }

  /** One event of a partition after another, all partitions at once. */
  async function publishBy(producer: Producer, events: Outgoing[]) {
    const took = new Map<string, number>()
    const errors = events.map((event) => {
      const name = `${producer} ${event.topic} ${partitionOf(event.topic, event.key)}`
      const breaker = breakers.get(name) ?? { errors: 0, failedAt: -Infinity }
      breakers.set(name, breaker)
      const ms = took.get(name) ?? 0
      const at = world.ms + ms
      if (breaker.openedAt !== undefined && at - breaker.openedAt < 10_000) {
        took.set(name, ms + refusalMs)
        return new Error('circuit breaker is open')
      }
      if (world.isAway) {
        took.set(name, ms + failureMs)
        fail(breaker, at + failureMs)
        fail(breaker, at + 2 * failureMs)
        return new Error('out of brokers')
      }
      breakers.set(name, { errors: 0, failedAt: -Infinity })
      return undefined
    })
    const ms = Math.min(5_000, Math.max(3, ...took.values()))
    world.ms += ms
    world.calls.push({ producer, events: events.length, ms })
    return errors.every(Boolean) ? errors.map((error) => new BrokerAway(error!.message)) : errors
  }
  return { world, publish: createProducers(publishBy, () => world.ms) }
}

const eventOf = (topic: Topic): Outgoing => ({ topic, key: randomUUID(), id: randomUUID(), event: '{}' })
const eventsOf = (topic: Topic, count: number) => Array.from({ length: count }, () => eventOf(topic))

test('as long as nothing fails, all goes by the first producer', async () => {
  const { world, publish } = clients()
  for (let round = 0; round < 3; round++)
    expect(await publish(eventsOf('task-created', 20))).toEqual(Array(20).fill(undefined))
  expect(world.calls.map(({ producer, events }) => `${producer} ${events}`)).toEqual(
    Array(3).fill('first 20'),
  )
  expect(await publish([])).toEqual([])
})

/** Fifty events a second, and a relay that waits up to two seconds when nothing gets through. */
async function outage({ world, publish }: ReturnType<typeof clients>, among: Topic[], awayMs: number) {
  let waiting: Outgoing[] = []
  let pauseMs = 100
  let writtenAt = world.ms
  let written = 0
  const write = () => {
    for (; writtenAt < world.ms; writtenAt += 20) waiting.push(eventOf(among[written++ % among.length]!))
  }
  const relay = async () => {
    write()
    const batch = waiting.slice(0, 800)
    const outcomes = await publish(batch)
    const isAway = batch.length > 0 && outcomes.every((error) => error instanceof BrokerAway)
    pauseMs = isAway ? Math.min(pauseMs * 2, 1_500) : 100
    world.ms += isAway ? pauseMs : 20
    waiting = [...batch.filter((_, index) => outcomes[index]), ...waiting.slice(800)]
  }
  for (const until = world.ms + 15_000; world.ms < until;) await relay()
  world.isAway = true
  for (const until = world.ms + awayMs; world.ms < until;) await relay()
  world.isAway = false
  const [backAt, calls] = [world.ms, world.calls.length]
  do await relay()
  while (waiting.length > 2)
  return { emptyMs: world.ms - backAt, calls: world.calls.slice(calls) }
}

const someTopics = fc.constantFrom<Topic[]>(
  ['task-created', 'task-updated'],
  ['task-created', 'task-updated', 'task-due-soon'],
  ['task-created', 'task-due-soon', 'notification-email', 'task-completed'],
)

test('as soon as the broker is back everything goes, however long it was away, and no batch waits for an open breaker', async () => {
  const away = fc.integer({ min: 500, max: 150_000 })
  await fc.assert(
    fc.asyncProperty(someTopics, fc.array(away, { minLength: 1, maxLength: 3 }), async (among, outages) => {
      const system = clients()
      for (const awayMs of outages) {
        const { emptyMs, calls } = await outage(system, among, awayMs)
        expect(emptyMs).toBeLessThan(3_000)
        expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThanOrEqual(refusalMs)
      }
    }),
    { numRuns: 20 },
  )
})

test('with few partitions there are few breakers to ask by: nothing waits for longer than one is open', async () => {
  const few = fc.constantFrom<Topic[]>(['dead-letter-parked'], ['task-created'])
  await fc.assert(
    fc.asyncProperty(few, fc.integer({ min: 500, max: 60_000 }), async (among, awayMs) => {
      const { emptyMs, calls } = await outage(clients(), among, awayMs)
      expect(emptyMs).toBeLessThan(14_000)
      expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThanOrEqual(refusalMs)
    }),
    { numRuns: 20 },
  )
})

test('a sidecar that is away says nothing of the broker: the first event after it goes by the first producer, and all others with it', async () => {
  const calls: [Producer, number][] = []
  let isAway = true
  const publish = createProducers(async (producer, events) => {
    calls.push([producer, events.length])
    return events.map(() => (isAway ? new SidecarAway('refused') : undefined))
  })
  const events = eventsOf('task-created', 10)
  for (let round = 0; round < 3; round++)
    expect(await publish(events)).toEqual(Array(10).fill(expect.any(SidecarAway)))
  isAway = false
  expect(await publish(events)).toEqual(Array(10).fill(undefined))
  expect(calls.map(([, events]) => events)).toEqual([10, 1, 1, 1, 9])
  expect(calls.at(-1)![0]).toBe('first')
})

test('a topic that nobody takes soon does not hold up the others', async () => {
  let ms = Date.UTC(2026, 0)
  const calls: number[] = []
  const publish = createProducers(
    async (_, events) => {
      calls.push(events.length)
      return events.map(({ topic }) => (topic === 'task-deleted' ? new BrokerAway('unknown') : undefined))
    },
    () => (ms += 1_000),
  )
  const breakersOfIt = 2 * topics['task-deleted']
  for (let round = 0; round < 30; round++) {
    const outcomes = await publish([...eventsOf('task-deleted', 5), ...eventsOf('task-created', 5)])
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill(expect.any(BrokerAway)))
    if (round > breakersOfIt) expect(outcomes.slice(5)).toEqual(Array(5).fill(undefined))
  }
  // As any part of a batch that fails may be the beginning of an outage.
  expect(calls.slice(0, 2)).toEqual([10, 1])
})
