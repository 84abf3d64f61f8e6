import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Topic } from '../contract/events.ts'
import { configure } from '../runtime/config.ts'
import { daprd } from './daprd.ts'
import { BrokerAway, SidecarAway } from './sidecar.ts'

let server: Server
let status = 204
let body = ''
const producers: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    producers.push(request.url!.split('/')[4]!)
    request.resume().on('end', () => response.writeHead(status).end(body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  configure({ DAPR_HTTP_PORT: String((server.address() as AddressInfo).port) })
})
afterAll(() => void server.close())

/** Each test has a topic of its own: what failed before is remembered by topic. */
const publishTo = (topic: Topic) => () =>
  daprd.publish([{ topic, key: randomUUID(), id: randomUUID(), event: '{}' }])

test('when nothing gets through, the other component of the broker is asked', async () => {
  const publish = publishTo('task-created')
  expect(await publish()).toEqual([undefined])
  status = 500
  for (let round = 0; round < 2; round++) expect(await publish()).toEqual([expect.any(BrokerAway)])
  status = 204
  expect(await publish()).toEqual([undefined])
  expect(producers.slice(0, 3)).toEqual(['pubsub', 'pubsub', 'pubsub-spare'])
})

test('an installation without the other component goes on with one', async () => {
  const publish = publishTo('task-updated')
  status = 500
  expect(await publish()).toEqual([expect.any(BrokerAway)])
  ;[status, body] = [404, '{"errorCode":"ERR_PUBSUB_NOT_FOUND"}']
  expect(await publish()).toEqual([expect.any(BrokerAway)])
  ;[status, body] = [204, '']
  expect(await publish()).toEqual([undefined])
  expect(producers.slice(-2)).toEqual(['pubsub-spare', 'pubsub'])
})

test('a sidecar that does not answer is told from a broker that is away', async () => {
  const publish = publishTo('task-completed')
  expect(await publish()).toEqual([undefined])
  configure({ DAPR_HTTP_PORT: '1' })
  expect(await publish()).toEqual([expect.any(SidecarAway)])
})
