/** What a sidecar may do, by the files of `dapr/` as they are; and what it does when its broker is away. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { rows } from '../../functions/manifest.ts'
import { declareTopics, startKafka } from '../../local/stack/kafka.ts'
import { writeResources } from '../../local/stack/resources.ts'
import { topics } from '../../shared/contract/events.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { freeBlock } from './ports.ts'
import { cloudEvent, pubsub, startApp, startDaprd, subscription, type Daprd } from './sidecar.ts'

let directory: TemporaryDirectory
let files: string

beforeAll(async () => {
  directory = await temporaryDirectory()
  files = join(directory.path, 'dapr')
  await declareTopics(inject('brokers'))
  await writeResources(files, { brokers: inject('brokers'), smtpUrl: 'smtp://127.0.0.1:25' })
})
afterAll(() => directory.remove())

const running: Daprd[] = []
afterEach(async () => {
  for (const daprd of running.splice(0)) await daprd.stop()
})

async function sidecarOf(
  appId: string,
  configuration: 'outbound' | 'closed',
  more: object = {},
): Promise<Daprd> {
  const daprd = await startDaprd({
    appId,
    resourcesPaths: ['components', 'subscriptions', 'resiliency'].map((folder) => join(files, folder)),
    configFile: join(files, `configuration/${configuration}.yaml`),
    ...more,
  })
  running.push(daprd)
  return daprd
}

const publish = (daprd: Daprd, topic: string, component = 'pubsub') =>
  daprd.post(`v1.0/publish/${component}/${topic}`, cloudEvent('x'), {
    'content-type': 'application/cloudevents+json',
  })

describe('the relay', () => {
  test.each(['pubsub', 'pubsub-spare'])(
    'publishes every topic of an event by %s, and no dead letters',
    async (component) => {
      const daprd = await sidecarOf('outbox-relay', 'outbound')
      for (const topic of Object.keys(topics)) {
        const { status, text } = await publish(daprd, topic, component)
        expect([topic, status]).toEqual([topic, topic.startsWith('dead-letter') ? 403 : 204])
        if (status === 403) expect(text).toContain('ERR_PUBSUB_FORBIDDEN')
      }
      const bulk = [{ entryId: '1', contentType: 'application/cloudevents+json', event: cloudEvent('x') }]
      expect((await daprd.post(`v1.0/publish/bulk/${component}/dead-letter`, bulk)).status).toBe(403)
    },
  )

  test('sends no mail, and its sidecar answers nothing else', async () => {
    const daprd = await sidecarOf('outbox-relay', 'outbound')
    const mail = { operation: 'create', metadata: { emailTo: 'a@example.org' }, data: '' }
    expect((await daprd.post('v1.0/bindings/smtp', mail)).status).not.toBe(204)
    expect((await daprd.post('v1.0/shutdown')).status).toBe(404)
    expect((await daprd.post('v1.0/invoke/auth/method/x')).status).toBe(404)
  })
})

describe.each(rows.filter(([, row]) => row.trigger === 'event').map(([name]) => name))(
  '%s-trigger',
  (name) => {
    test('nobody can publish through it', async () => {
      const daprd = await sidecarOf(`${name}-trigger`, 'closed')
      for (const topic of ['task-created', 'dead-letter', 'dead-letter-parked']) {
        expect((await publish(daprd, topic)).status).toBe(404)
      }
    })
  },
)

test('the sidecar of a function that is not named has neither broker nor mail server', async () => {
  const daprd = await sidecarOf('task-create', 'outbound')
  expect(await publish(daprd, 'task-created')).toMatchObject({ status: 404 })
  expect((await daprd.post('v1.0/bindings/smtp', { operation: 'create' })).text).toContain(
    "couldn't find output binding",
  )
})

test('a subscription to a topic that is not allowed delivers nothing', async () => {
  const app = await startApp()
  const scopes = { subscriptionScopes: 'nosy=task-created', allowedTopics: 'task-created,task-deleted' }
  const daprd = await startDaprd({
    appId: 'nosy',
    app,
    resources: [pubsub(scopes), subscription('task-deleted'), subscription('task-created')],
  })
  running.push(daprd)
  const relay = await sidecarOf('outbox-relay', 'outbound')
  await publish(relay, 'task-deleted')
  await publish(relay, 'task-created')
  await until(() => app.calls.some(({ headers }) => headers['__topic'] === 'task-created'))
  await sleep(500)
  expect(new Set(app.calls.map(({ headers }) => headers['__topic']))).toEqual(new Set(['task-created']))
  await app.close()
})

describe('without its broker', () => {
  test('a sidecar that starts ends with an error: whoever starts it has to start it again', async () => {
    const daprd = await startDaprd({
      appId: 'early',
      resources: [pubsub({ brokers: '127.0.0.1:9' })],
      flags: ['--log-level=error'],
      unready: true,
    })
    expect(await daprd.ended).toBe(1)
  })

  test('a sidecar that runs stays ready, refuses, and goes on by itself afterwards', async () => {
    const port = await freeBlock(2)
    const home = join(directory.path, 'another/kafka')
    await mkdir(home, { recursive: true })
    const kafka = await startKafka(home, port, () => {})
    await declareTopics(kafka.brokers)
    const daprd = await startDaprd({ appId: 'running', resources: [pubsub({ brokers: kafka.brokers })] })
    running.push(daprd)
    expect((await publish(daprd, 'task-created')).status).toBe(204)
    await kafka.process!.stop()
    expect((await publish(daprd, 'task-created')).status).toBe(500)
    expect((await fetch(`http://127.0.0.1:${daprd.port}/v1.0/healthz`)).status).toBe(204)
    await kafka.process!.start()
    await until(async () => (await publish(daprd, 'task-created')).status === 204, 30_000)
    await kafka.process!.stop()
  })
})
