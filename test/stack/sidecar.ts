/** A daprd of a test's own, and the app that it calls. */
import { spawn } from 'node:child_process'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { stringify } from 'yaml'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { freeBlock } from './ports.ts'

export type Call = { method: string; path: string; headers: IncomingHttpHeaders; body: string; at: number }
/** `breaks`: the connection ends instead of the answer, or in the midst of it. */
type Answer = {
  status?: number
  body?: unknown
  afterMs?: number
  breaks?: 'before the head' | 'with a reset' | 'after the head'
}

export type App = { port: number; calls: Call[]; close(): Promise<void> }

/** An app that keeps what it is called with and answers what `answer` says; 200 with SUCCESS otherwise. */
export async function startApp(answer: (call: Call) => Answer | undefined = () => undefined): Promise<App> {
  const calls: Call[] = []
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const call = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body,
        at: performance.now(),
      }
      calls.push(call)
      const { status = 200, body: given = { status: 'SUCCESS' }, afterMs = 0, breaks } = answer(call) ?? {}
      await sleep(afterMs)
      if (breaks === 'before the head') return void request.socket.end()
      if (breaks === 'with a reset') return void request.socket.resetAndDestroy()
      if (breaks === 'after the head') {
        request.socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n')
        return
      }
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(given === '' ? '' : JSON.stringify(given))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

export type Daprd = {
  port: number
  /** Posts to its API. */
  post(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>
  /** Everything that it has logged. */
  log(): string
  signal(signal: NodeJS.Signals): void
  /** Resolves with the exit code when it ends by itself. */
  ended: Promise<number | null>
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

type Options = {
  appId: string
  app?: App
  resources?: object[]
  configuration?: object
  /** A directory of resource files, or more. */
  resourcesPaths?: string[]
  configFile?: string
  env?: Record<string, string>
  flags?: string[]
  /** Do not wait until it is ready. */
  unready?: boolean
}

const quiet = {
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Configuration',
  metadata: { name: 'test' },
  spec: {
    nameResolution: { component: 'nameformat', version: 'v1', configuration: { format: '{appid}.invalid' } },
  },
}

/** Starts daprd with the given resources. */
export async function startDaprd(options: Options): Promise<Daprd> {
  const directory = await temporaryDirectory()
  const files = join(directory.path, 'resources')
  await mkdir(files)
  for (const [index, resource] of (options.resources ?? []).entries()) {
    await writeFile(join(files, `${index}.yaml`), stringify(resource))
  }
  const configFile = options.configFile ?? join(directory.path, 'configuration.yaml')
  if (!options.configFile) await writeFile(configFile, stringify(options.configuration ?? quiet))
  const port = await freeBlock(3)
  const child = spawn(
    inject('daprd'),
    [
      `--app-id=${options.appId}`,
      ...(options.app ? [`--app-port=${options.app.port}`] : []),
      `--dapr-http-port=${port}`,
      `--dapr-grpc-port=${port + 1}`,
      `--dapr-internal-grpc-port=${port + 2}`,
      '--dapr-listen-addresses=127.0.0.1',
      '--dapr-internal-grpc-listen-address=127.0.0.1',
      '--enable-metrics=false',
      '--disable-init-endpoints=config,subscribe',
      `--resources-path=${(options.resourcesPaths ?? [files]).join(',')}`,
      `--config=${configFile}`,
      ...(options.flags ?? []),
    ],
    { env: { NAMESPACE: 'todo', ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let log = ''
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ended = exited.then(async (code) => {
    await directory.remove()
    return code
  })
  const daprd: Daprd = {
    port,
    log: () => log,
    signal: (signal) => void child.kill(signal),
    ended,
    async post(path, body, headers = {}) {
      const reply = await fetch(`http://127.0.0.1:${port}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return { status: reply.status, text: await reply.text() }
    },
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
  if (!options.unready) {
    await until(async () => child.exitCode !== null || (await isReady(port)), 20_000)
    if (child.exitCode !== null) throw new Error(`daprd ended with ${child.exitCode}: ${log.slice(-2000)}`)
  }
  return daprd
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/v1.0/healthz`).then(
    ({ status }) => status === 204,
    () => false,
  )

/** Resources, as short as a test can say them. */
export const component = (
  name: string,
  type: string,
  metadata: Record<string, string>,
  more: object = {},
) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
  spec: {
    type,
    version: 'v1',
    metadata: Object.entries(metadata).map(([key, value]) => ({ name: key, value })),
  },
  ...more,
})

/** The broker, with the settings of ours that matter to a test. */
export const pubsub = (metadata: Record<string, string> = {}, more: object = {}) =>
  component(
    'pubsub',
    'pubsub.kafka',
    { brokers: inject('brokers'), authType: 'none', initialOffset: 'oldest', ...metadata },
    more,
  )

export const subscription = (topic: string, spec: object = {}) => ({
  apiVersion: 'dapr.io/v2alpha1',
  kind: 'Subscription',
  metadata: { name: topic },
  spec: { pubsubname: 'pubsub', topic, routes: { default: '/events/test' }, ...spec },
})

/** Quick repeats: two, 100 ms apart; patience of half a second. */
export const resiliency = (
  target: object = { pubsub: { inbound: { timeout: 'delivery', retry: 'delivery' } } },
) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Resiliency',
  metadata: { name: 'test' },
  spec: {
    policies: {
      timeouts: { delivery: '500ms' },
      retries: { delivery: { policy: 'constant', duration: '100ms', maxRetries: 2 } },
    },
    targets: { components: target },
  },
})

/** An event as the relay publishes it. */
export const cloudEvent = (id: string, more: object = {}) => ({
  specversion: '1.0',
  id,
  source: 'todo',
  type: 'todo.test.v1',
  time: '2026-01-01T00:00:00Z',
  datacontenttype: 'application/json',
  data: { text: id },
  ...more,
})
