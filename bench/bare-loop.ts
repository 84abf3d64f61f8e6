/** The reference of the stack: events through a sidecar and the broker to an app that does nothing with them. */
import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Admin } from '@platformatic/kafka'
import { stringify } from 'yaml'
import { functions } from '../functions/manifest.ts'
import { freePort } from '../local/postgres.ts'
import { broker } from '../local/render/components.ts'
import { inBulk } from '../local/render/subscriptions.ts'
import { findDaprd } from '../local/stack/daprd.ts'
import { requestEntriesMax, requestMetadata } from '../shared/dapr/daprd.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'

/** As many as a delivery to `task-statistics` has. */
const { bulk } = functions['task-statistics']

export type BareLoop = {
  /** Publishes so many events in bulk, and answers how many arrived per second. */
  run(events: number): Promise<number>
  stop(): Promise<void>
}

/**
 * Published and delivered in bulk, as between relay and `task-statistics`, over a topic with so many partitions; the records are
 * like those of the relay, with `data` in each.
 */
export async function startBareLoop(brokers: string, partitions: number, data: object): Promise<BareLoop> {
  const topic = 'bench-bare'
  const admin = new Admin({ clientId: 'bench', bootstrapBrokers: [brokers] })
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 })
  await admin.close()

  const arrivals = new EventEmitter<{ events: [number] }>()
  const app = createServer((request, response) => {
    void json(request).then((body) => {
      const { entries } = body as { entries: { entryId: string }[] }
      const statuses = entries.map(({ entryId }) => ({ entryId, status: 'SUCCESS' }))
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ statuses }))
      arrivals.emit('events', entries.length)
    })
  })
  const [appPort, http, grpc, internal, metrics] = await Promise.all(Array.from({ length: 5 }, freePort))
  await new Promise<void>((listening) => app.listen(appPort, '127.0.0.1', listening))

  const directory = await temporaryDirectory()
  const resources = join(directory.path, 'resources')
  await mkdir(resources)
  const metadata = Object.entries({ ...broker, brokers }).map(([name, value]) => ({ name, value }))
  const pubsub = {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'pubsub' },
    spec: { type: 'pubsub.kafka', version: 'v1', metadata },
  }
  const subscription = {
    apiVersion: 'dapr.io/v2alpha1',
    kind: 'Subscription',
    metadata: { name: topic },
    spec: {
      pubsubname: 'pubsub',
      topic,
      routes: { default: '/events' },
      ...inBulk(bulk!),
    },
  }
  await writeFile(join(resources, 'pubsub.yaml'), stringify(pubsub))
  await writeFile(join(resources, 'subscription.yaml'), stringify(subscription))
  const { path } = await findDaprd((text) => process.stdout.write(`${text}\n`))
  const flags = {
    'app-id': 'bench-bare',
    'app-port': appPort,
    'dapr-http-port': http,
    'dapr-grpc-port': grpc,
    'dapr-internal-grpc-port': internal,
    'dapr-listen-addresses': '127.0.0.1',
    'metrics-port': metrics,
    'metrics-listen-address': '127.0.0.1',
    'disable-init-endpoints': 'config,subscribe',
    'resources-path': resources,
  }
  const daprd = spawn(
    path,
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${http}/v1.0`
  while (
    !(await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(50)

  const publish = async (count: number) => {
    const entries = Array.from({ length: count }, (_, index) => {
      const [id, key] = [randomUUID(), randomUUID()]
      return {
        entryId: String(index),
        contentType: 'text/plain',
        event: JSON.stringify({
          specversion: '1.0',
          id,
          source: 'bench',
          type: 'bench.task.created.v1',
          subject: key,
          time: new Date().toISOString(),
          datacontenttype: 'application/json',
          data,
        }),
        metadata: { partitionKey: key },
      }
    })
    const reply = await fetch(`${url}/publish/bulk/pubsub/${topic}?${requestMetadata}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entries),
    })
    if (!reply.ok) throw new Error(`The sidecar answered ${reply.status}.`)
  }

  return {
    async run(events) {
      const all = Promise.withResolvers<void>()
      let left = events
      const count = (arrived: number) => (left -= arrived) === 0 && all.resolve()
      arrivals.on('events', count)
      const startedAt = performance.now()
      for (let sent = 0; sent < events; sent += requestEntriesMax)
        await publish(Math.min(requestEntriesMax, events - sent))
      await all.promise
      arrivals.off('events', count)
      return (events / (performance.now() - startedAt)) * 1000
    },
    async stop() {
      daprd.kill()
      if (daprd.exitCode === null) await new Promise((ended) => daprd.once('exit', ended))
      app.closeAllConnections()
      await new Promise((closed) => app.close(closed))
      await directory.remove()
    },
  }
}
