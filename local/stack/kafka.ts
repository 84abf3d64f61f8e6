/** Kafka: the brokers of `KAFKA_BROKERS`, or one broker of our own, and the topics on either. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Admin } from '@platformatic/kafka'
import { topics } from '../../shared/contract/events.ts'
import type { Stops } from '../stops.ts'
import { cached, exists } from './cache.ts'
import { onPath, output, step } from './commands.ts'
import { Missing } from './missing.ts'
import { supervise, type Supervised } from './processes.ts'
import { until } from './waiting.ts'

const pom = join(import.meta.dirname, 'kafka/pom.xml')
const javaMin = 17
const startTimeoutMs = 90_000
const replicasMax = 3

/** `process` is there when the broker is ours. */
export type Kafka = { brokers: string; version: string; process?: Supervised }

/**
 * Starts a broker on `port` of the loopback interface, its controller on the next one; its data stay in `directory`. Clients
 * are told to come to `advertised`, where something may stand in between; `stops` hears of the broker before it answers.
 */
export async function startKafka(
  directory: string,
  port: number,
  tell: (sentence: string) => void,
  { advertised = port, stops }: { advertised?: number; stops?: Stops } = {},
): Promise<Kafka> {
  const java = await findJava()
  const version = /<version>(.*)<\/version>/.exec(await readFile(pom, 'utf8'))![1]!
  const jars = await cached(`kafka-${version}`, [pom], async (into) => {
    const maven = await onPath('mvn')
    if (!maven)
      throw new Missing('Kafka: Maven is missing to fetch it with. Install Maven, or set KAFKA_BROKERS.')
    tell(`Fetching Kafka ${version}, once ...`)
    await step(maven, [
      '-B',
      '-q',
      '-f',
      pom,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${into}`,
    ])
  })
  await writeSettings(directory, port, advertised)
  const settings = join(directory, 'server.properties')
  const jvm = [
    '-XX:+UseSerialGC',
    // Only the quick compiler: the thorough one takes the cores of everybody for minutes, twice the broker's own work.
    '-XX:TieredStopAtLevel=1',
    '-Xmx512m',
    '-XX:+ExitOnOutOfMemoryError',
    `-Dlog4j2.configurationFile=${join(directory, 'log4j2.properties')}`,
    '-cp',
    `${jars}/*`,
  ]
  if (!(await exists(join(directory, 'data/meta.properties')))) {
    // One that begins with a hyphen would be read as an option: Kafka makes none such either.
    const id = randomBytes(16).toString('base64url').replace(/^-/, 'A')
    await output(
      java,
      ...jvm,
      'kafka.tools.StorageTool',
      'format',
      '--standalone',
      '--cluster-id',
      id,
      '--config',
      settings,
    )
  }
  const broker = supervise(
    {
      name: 'kafka',
      command: java,
      args: [...jvm, 'kafka.Kafka', settings],
      env: { PATH: process.env['PATH'] ?? '' },
      graceMs: 20_000,
    },
    join(directory, '..'),
  )
  const brokers = `127.0.0.1:${advertised}`
  stops?.add(() => broker.stop())
  try {
    await broker.start()
    const because = () => `Kafka does not answer: ${broker.lastEnd() ?? 'its log may say why'}.`
    await until(() => answers(brokers), startTimeoutMs, because)
  } catch (error) {
    await broker.stop()
    throw error
  }
  return { brokers, version, process: broker }
}

async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME']
  const java = home ? join(home, 'bin/java') : await onPath('java')
  const version = java ? Number(/version "(\d+)/.exec(await output(java, '-version'))?.[1]) : 0
  if (version >= javaMin) return java!
  throw new Missing(`Kafka: Java ${javaMin} or newer is missing. Install it, or set KAFKA_BROKERS.`)
}

/** One node that is broker and controller. As in a cluster, a topic that nobody declared is an error, not a new topic. */
async function writeSettings(directory: string, port: number, advertised: number): Promise<void> {
  const alone = ['offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic']
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'log.dirs': join(directory, 'data'),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertised}`,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${port + 1}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    // After a crash the controller keeps the broker's place for so long: nine seconds, if nothing is said.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    ...Object.fromEntries(alone.map((topic) => [`${topic}.replication.factor`, 1])),
    // Few internal partitions: start and stop take a second less.
    ...Object.fromEntries(alone.map((topic) => [`${topic}.num.partitions`, 3])),
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.min.isr': 1,
  }
  const logging = {
    'appender.console.type': 'Console',
    'appender.console.name': 'console',
    'appender.console.layout.type': 'PatternLayout',
    'appender.console.layout.pattern': '%d{ISO8601} %p %m (%c)%n',
    'rootLogger.level': 'warn',
    'rootLogger.appenderRef.console.ref': 'console',
  }
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'server.properties'), properties(settings))
  await writeFile(join(directory, 'log4j2.properties'), properties(logging))
}

const properties = (entries: Record<string, unknown>) =>
  Object.entries(entries)
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join('')

const adminOf = (brokers: string) =>
  new Admin({
    clientId: 'todo-stack',
    bootstrapBrokers: brokers.split(','),
    retries: 0,
    timeout: 5_000,
    connectTimeout: 2_000,
  })

/** Whether the cluster answers a question about itself. */
export async function answers(brokers: string): Promise<boolean> {
  const admin = adminOf(brokers)
  try {
    return (await admin.metadata({ topics: [] })).brokers.size > 0
  } catch {
    return false
  } finally {
    await admin.close().catch(() => {})
  }
}

/** Declares the topics of the contract that the cluster does not have yet, on three brokers where there are three. */
export async function declareTopics(brokers: string): Promise<void> {
  const admin = adminOf(brokers)
  try {
    const { brokers: nodes } = await admin.metadata({ topics: [] })
    const known = new Set(await admin.listTopics())
    for (const [topic, partitions] of Object.entries(topics)) {
      if (known.has(topic)) continue
      await admin.createTopics({ topics: [topic], partitions, replicas: Math.min(replicasMax, nodes.size) })
    }
  } finally {
    await admin.close()
  }
}
