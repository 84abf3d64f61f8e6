import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configure } from '../runtime/config.ts'
import { daprd } from './daprd.ts'
import { BrokerAway } from './sidecar.ts'

let server: Server
let status = 204
const producers: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    producers.push(request.url!.split('/')[4]!)
    request.resume().on('end', () => response.writeHead(status).end())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  configure({ DAPR_HTTP_PORT: String((server.address() as AddressInfo).port) })
})
afterAll(() => void server.close())

const publish = () => {
  const [key, id] = [randomUUID(), randomUUID()]
  return daprd.publish([{ topic: 'task-created', key, id, event: '{}' }])
}

test('when nothing gets through, the next publication goes by the other producer, and stays with the one that works', async () => {
  expect(await publish()).toEqual([undefined])
  status = 500
  for (let round = 0; round < 3; round++) expect(await publish()).toEqual([expect.any(BrokerAway)])
  status = 204
  for (let round = 0; round < 2; round++) expect(await publish()).toEqual([undefined])
  const [one, spare] = ['pubsub', 'pubsub-spare']
  expect(producers).toEqual([one, one, spare, one, spare, spare])
})
