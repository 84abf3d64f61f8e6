/** The faults: each one breaks something and mends it again. A cell is a part and what happens to it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Consumer, Producer, type MessageToProduce } from '@platformatic/kafka'
import { randomUUID } from 'node:crypto'
import { until } from '../../shared/testing/until.ts'
import type { Poison } from './history.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** Resolves when the fault is over: the process is asked to be back, the connection passes. With what it put into the topics. */
type Fault = (world: World, random: Random) => Promise<Poison[] | void>
export type Cell = {
  /** The clock goes back in it. */
  wentBack?: true

  /** Only root may have one. */
  needsSmallDisk?: true

  fault: Fault
  /** How long events should wait afterwards, on a machine with nothing else to do. */ drainedMsMax: number
}

/** Supervision starts a process again after half a second, and Node takes as long; what was in its hands comes again. */
const drainedMsMax = 10_000

const restartMsMax = 40_000

/** Whoever consumed is only missed after the session timeout of six seconds. */
const sessionMs = 6_000

/** Over when the process is there again: one that was asked to end works off first what it has. */
const signal =
  (name: string, what: NodeJS.Signals): Fault =>
  async (world) => {
    const process = world.process(name)
    const before = process.restarts()
    process.signal(what)
    await until(() => process.restarts() > before, restartMsMax)
  }

const frozen =
  (name: string): Fault =>
  async (world, random) => {
    world.process(name).signal('SIGSTOP')
    await sleep(1_000 + random.next() * 2_000)
    world.process(name).signal('SIGCONT')
  }

const connection =
  (
    which: 'databaseProxy' | 'brokerProxy',
    mode: Parameters<World['databaseProxy']['become']>[0],
    ms: number,
  ): Fault =>
  async (world) => {
    const proxy = world[which]
    proxy.become(mode)
    if (mode === 'refuse') proxy.reset()
    await sleep(ms)
    proxy.become('pass')
  }

const resets =
  (which: 'databaseProxy' | 'brokerProxy'): Fault =>
  async (world, random) => {
    for (let round = 0; round < 3; round++) {
      world[which].reset()
      await sleep(100 + random.next() * 300)
    }
  }

/** Puts records of ours into their topics again, out of order, as a producer that retries may. */
const repeated: Fault = async ({ brokers }, random) => {
  const topics = ['task-created', 'task-updated', 'task-completed', 'task-due-soon']
  const options = { clientId: 'faults', bootstrapBrokers: [brokers] }
  const consumer = new Consumer({ ...options, groupId: randomUUID() })
  const stream = await consumer.consume({ topics, mode: 'earliest', autocommit: false, maxWaitTime: 50 })
  setTimeout(() => void stream.close(), 1_000)
  const found: MessageToProduce[] = []
  // To the partition that they are on: a producer that retries keeps the key's.
  for await (const { topic, key, value, headers, partition } of stream) {
    found.push({ topic, key, value, headers, partition })
  }
  await consumer.close(true)
  const messages = Array.from({ length: 60 }, () => random.pick(found.slice(-200)))
  const producer = new Producer(options)
  await producer.send({ messages })
  await producer.close()
}

const poison: Fault = async ({ brokers }, random) => {
  const unique = randomUUID()
  const values = [
    'null',
    `["${unique}"]`,
    `no JSON ${unique}`,
    '{}',
    `{"id":"${unique} is none"}`,
    `{"id":"${unique}"}`,
    JSON.stringify({ data: unique + 'x'.repeat(500_000) }),
  ]
  const topics = ['task-created', 'task-updated', 'task-due-soon', 'notification-email']
  const poison = values.map((value) => ({ topic: random.pick(topics), value }))
  const producer = new Producer({ clientId: 'faults', bootstrapBrokers: [brokers] })
  for (const { topic, value } of poison)
    await producer.send({ messages: [{ topic, key: Buffer.alloc(0), value: Buffer.from(value) }] })
  await producer.close()
  return poison
}

/** Stops a part for as long as it says, and starts it again. */
const away =
  (name: string, ms: number): Fault =>
  async (world) => {
    const part = name === 'kafka' ? world.kafka : world.process(name)
    await part.stop()
    await sleep(ms)
    await part.start()
  }

/** The clock of everything durable is the database's: it jumps, and jumps back. */
const clock =
  (offset: string): Fault =>
  async (world, random) => {
    await world.setClock(offset)
    await sleep(1_000 + random.next() * 1_000)
    await world.setClock('0')
  }

/** Sidecars that find no broker when they start end, and are started again until there is one. */
const sidecarsFirst: Fault = async (world) => {
  await world.kafka.stop()
  for (const name of ['outbox-relay-daprd', 'task-statistics-trigger-daprd'])
    world.process(name).signal('SIGKILL')
  await sleep(5_000)
  await world.kafka.start()
}

/** Everything that Postgres writes fails for two seconds; when that ended it, it is started again. */
const full: Fault = async (world) => {
  const empty = await world.fillDisk!()
  await sleep(2_000)
  await empty()
  await world.restartDatabase('stop')
}

const cell = (fault: Fault, extraMs = 0): Cell => ({ fault, drainedMsMax: drainedMsMax + extraMs })

export const cells: Record<string, Cell> = {
  'api kill': cell(signal('gateway', 'SIGKILL')),
  'api term': cell(signal('gateway', 'SIGTERM')),
  'api freeze': cell(frozen('gateway')),
  'relay kill': cell(signal('outbox-relay', 'SIGKILL')),
  'relay term': cell(signal('outbox-relay', 'SIGTERM')),
  'relay freeze': cell(frozen('outbox-relay')),
  'scan kill': cell(signal('due-scan', 'SIGKILL')),
  'scan freeze': cell(frozen('due-scan')),
  'statistics kill': cell(signal('task-statistics', 'SIGKILL')),
  'plan kill': cell(signal('notification-plan', 'SIGKILL')),
  'mail kill': cell(signal('notification-email', 'SIGKILL')),
  'statistics freeze': cell(frozen('task-statistics')),
  'publishing daprd kill': cell(signal('outbox-relay-daprd', 'SIGKILL')),
  'publishing daprd freeze': cell(frozen('outbox-relay-daprd')),
  'subscribing daprd kill': cell(signal('task-statistics-trigger-daprd', 'SIGKILL'), sessionMs),
  'subscribing daprd term': cell(signal('task-statistics-trigger-daprd', 'SIGTERM'), sessionMs),
  'subscribing daprd freeze': cell(frozen('task-statistics-trigger-daprd'), sessionMs),
  'ticking daprd kill': cell(signal('outbox-relay-trigger-daprd', 'SIGKILL')),
  'postgres stop': cell((world) => world.restartDatabase('stop')),
  'postgres kill': cell((world) => world.restartDatabase('kill')),
  'postgres reset': cell(resets('databaseProxy')),
  'postgres refuse': cell(connection('databaseProxy', 'refuse', 2_000)),
  'postgres black hole': cell(connection('databaseProxy', 'black-hole', 2_000)),
  'postgres replies lost': cell(connection('databaseProxy', 'lose-replies', 1_000)),
  'postgres slow': cell(connection('databaseProxy', { delayMs: 20 }, 2_000)),
  'kafka kill': cell(async ({ kafka }) => kafka.signal('SIGKILL'), sessionMs),
  'kafka stop': cell(async ({ kafka }) => {
    await kafka.stop()
    await kafka.start()
  }, sessionMs),
  'kafka freeze': cell(async ({ kafka }) => {
    kafka.signal('SIGSTOP')
    await sleep(2_000)
    kafka.signal('SIGCONT')
  }),
  'kafka reset': cell(resets('brokerProxy')),
  'kafka black hole': cell(connection('brokerProxy', 'black-hole', 2_000)),
  'kafka replies lost': cell(connection('brokerProxy', 'lose-replies', 1_000), sessionMs),
  'kafka slow': cell(connection('brokerProxy', { delayMs: 20 }, 2_000), sessionMs),
  'postgres disk full': { ...cell(full), needsSmallDisk: true },
  'clock a day ahead': { ...cell(clock('1 day')), wentBack: true },
  'clock an hour back': { ...cell(clock('-1 hour')), wentBack: true },
  'relay away a minute': cell(away('outbox-relay', 60_000)),
  'kafka away two minutes': cell(away('kafka', 120_000), sessionMs),
  'sidecars before kafka': cell(sidecarsFirst, sessionMs),
  'events repeated': cell(repeated),
  'events poisonous': cell(poison),
}

/** The slice of `npm test`: each part, and each kind of fault, once. In two halves, for as many test files side by side. */
export const smoke = {
  processes: [
    'api kill',
    'relay kill',
    'relay freeze',
    'scan kill',
    'publishing daprd kill',
    'subscribing daprd kill',
  ],
  stores: [
    'postgres kill',
    'postgres replies lost',
    'kafka reset',
    'clock an hour back',
    'events repeated',
    'events poisonous',
  ],
}
