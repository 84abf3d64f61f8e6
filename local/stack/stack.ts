/** The system on its real parts, each a process of its own where a cluster has one. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { config } from '../../shared/runtime/config.ts'
import { createStops, type Stops } from '../stops.ts'
import { findDaprd } from './daprd.ts'
import { answers, declareTopics, startKafka, type Kafka } from './kafka.ts'
import { launches, type Launch } from './launcher.ts'
import { startMailServer } from './mail-server.ts'
import { multiApp } from './multi-app.ts'
import { http, tcp, why, type Part } from './part.ts'
import { portOf } from './ports.ts'
import { supervise, type Program } from './processes.ts'
import { writeResources } from './resources.ts'
import { until } from './waiting.ts'

export type Stack = {
  /** In the order of their start. */
  parts: Part[]
  /** Ends what was started, last first, and nothing else. */
  stop(): Promise<void>
}

type Options = {
  /** The data directory. */
  directory: string
  /** What functions read from their environment. */
  settings: Record<string, string>
  appToken: string
  /** Only what the functions need; whoever asks starts them by `dapr run -f`. */
  withoutApps?: boolean
  tell: (sentence: string) => void
  /** Hears of what was started before all of it is. */
  stops?: Stops
}

const readyTimeoutMs = 60_000

/** Starts broker, mail server, sidecars, functions and gateway, on a database that is there already. */
export async function startStack({
  directory,
  settings,
  appToken,
  withoutApps,
  tell,
  stops,
}: Options): Promise<Stack> {
  const home = join(directory, 'stack')
  const parts: Part[] = []
  const own = createStops()
  stops?.add(() => own.end())
  const run = async (program: Program) => {
    const supervised = supervise(program, home)
    own.add(() => supervised.stop())
    await supervised.start()
    return supervised
  }
  try {
    await mkdir(home, { recursive: true })
    const [daprd, kafka] = await Promise.all([findDaprd(tell), reachKafka(home, tell, own)])
    parts.push(kafkaPart(kafka))
    await declareTopics(kafka.brokers)

    const smtpUrl = await reachMail(directory, parts, own)
    await writeResources(join(home, 'dapr'), { brokers: kafka.brokers, smtpUrl })
    const file = join(home, 'dapr.yaml')
    await writeFile(file, stringify(multiApp(join(home, 'dapr')), { lineWidth: 0 }))

    const started = withoutApps ? [] : await launches(file, { daprd: daprd.path, appToken, settings })
    // Functions first: what a sidecar delivers at once finds somebody who takes it.
    for (const { app, program } of started) {
      if (program) parts.push(functionPart(program.name, app.env!['PORT']!, await run(program)))
    }
    const { PORT } = config('http')
    const gateway = await run(gatewayProgram(settings))
    parts.push(functionPart('gateway', String(PORT), gateway))
    await allReady(parts)
    const sidecars = await Promise.all(
      started.map(async ({ app, sidecar }) => sidecarPart(app, daprd.version, await run(sidecar))),
    )
    parts.push(...sidecars)
    await allReady(sidecars)
    return { parts, stop: () => own.end() }
  } catch (error) {
    await own.end()
    throw error
  }
}

async function reachKafka(home: string, tell: Options['tell'], stops: Stops): Promise<Kafka> {
  const { KAFKA_BROKERS } = config('stack')
  if (!KAFKA_BROKERS) return startKafka(join(home, 'kafka'), portOf('kafka'), tell, { stops })
  if (!(await answers(KAFKA_BROKERS))) throw new Error(`KAFKA_BROKERS: nobody answers at ${KAFKA_BROKERS}.`)
  return { brokers: KAFKA_BROKERS, version: 'of KAFKA_BROKERS' }
}

const kafkaPart = ({ brokers, version, process }: Kafka): Part => ({
  name: 'kafka',
  version,
  address: brokers,
  problem: async () => ((await answers(brokers)) ? '' : process ? why(process) : 'does not answer'),
  ...(process && { process }),
})

async function reachMail(directory: string, parts: Part[], stops: Stops): Promise<string> {
  const { SMTP_URL } = config('embedded')
  const server = SMTP_URL ? undefined : await startMailServer(join(directory, 'mail'), portOf('smtp'))
  if (server) stops.add(() => server.stop())
  const url = SMTP_URL || server!.url
  const { hostname, port } = new URL(url)
  parts.push({
    name: 'smtp',
    version: SMTP_URL ? 'of SMTP_URL' : 'keeps the mails',
    address: `${hostname}:${port || 25}`,
    problem: tcp(hostname, Number(port || 25)),
  })
  return url
}

const gatewayProgram = (settings: Record<string, string>): Program => ({
  name: 'gateway',
  command: process.execPath,
  args: ['local/stack/gateway.ts'],
  cwd: join(import.meta.dirname, '../..'),
  env: { ...settings, DATABASE_POOL_SIZE: settings['DATABASE_POOL_SIZE'] ?? '20' },
  graceMs: 25_000,
})

const functionPart = (name: string, port: string, process: NonNullable<Part['process']>): Part => ({
  name,
  version: `Node ${globalThis.process.versions.node}`,
  address: `http://127.0.0.1:${port}`,
  problem: http(`http://127.0.0.1:${port}/readyz`, process),
  process,
})

const sidecarPart = (
  { daprHTTPPort }: Launch['app'],
  version: string,
  process: NonNullable<Part['process']>,
): Part => ({
  name: process.name,
  version,
  address: `http://127.0.0.1:${daprHTTPPort}`,
  problem: http(`http://127.0.0.1:${daprHTTPPort}/v1.0/healthz`, process),
  process,
})

async function allReady(parts: Part[]): Promise<void> {
  await Promise.all(
    parts.map(async (part) => {
      let problem = ''
      const isReady = async () => !(problem = await part.problem())
      await until(isReady, readyTimeoutMs, () => `${part.name} ${problem}. Its log may say why.`)
    }),
  )
}
