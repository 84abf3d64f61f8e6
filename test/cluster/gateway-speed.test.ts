/** What the way through gateway, ingress and Knative costs, against the same image in a bare pod, in the same run. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent as HttpAgent, request } from 'node:http'
import { Agent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clusterLocal } from '../../local/render/table.ts'
import { apply, eventually, inTodo, podsOf, reach, type Address } from './kubectl.ts'
import { measured, median, spread } from './measured.ts'
import { ask, findGateway, signUp } from './outside.ts'

const name = 'me-get'
const path = '/api/me'
const warmCount = 300
const coldCount = 5

let gateway: Awaited<ReturnType<typeof findGateway>>
let authorization: string
let minScale: string
const minScalePath = '.spec.template.metadata.annotations.autoscaling\\.knative\\.dev/min-scale'
beforeAll(async () => {
  gateway = await findGateway()
  authorization = `Bearer ${await signUp(gateway)}`
  minScale = await inTodo('get', 'ksvc', name, '--output', `jsonpath={${minScalePath}}`)
  await annotate({ 'autoscaling.knative.dev/window': '6s', 'autoscaling.knative.dev/min-scale': '0' })
})
afterAll(async () => {
  await annotate({ 'autoscaling.knative.dev/window': null, 'autoscaling.knative.dev/min-scale': minScale })
  await inTodo('delete', 'service,pod', '--selector', 'todo/bare', '--ignore-not-found', '--wait=false')
})

const annotate = (annotations: Record<string, string | null>) => {
  const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } })
  return inTodo('patch', 'ksvc', name, '--type=merge', '--patch', patch)
}

const agents = { https: new Agent({ keepAlive: true }), http: new HttpAgent({ keepAlive: true }) }

/** Milliseconds until the whole reply is there; rejects for any other than 200. */
async function throughGateway(): Promise<number> {
  const { status, text, ms } = await ask(gateway, 'GET', path, {
    headers: { authorization },
    agent: agents.https,
  })
  if (status !== 200) throw new Error(`${status} ${text}`)
  return ms
}

function straight(address: Address, host: string): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { host, authorization }
    const asking = request({ ...address, path, headers, agent: agents.http }, (reply) => {
      reply.resume()
      reply.once('end', () =>
        reply.statusCode === 200
          ? resolve(performance.now() - startedAt)
          : reject(new Error(String(reply.statusCode))),
      )
    })
    asking.once('error', reject)
    asking.end()
  })
}

/** The function's container in a pod of its own. */
async function barePod(): Promise<{ metadata: { name: string; labels: Record<string, string> } }> {
  const template = JSON.parse(
    await inTodo('get', 'ksvc', name, '--output', 'jsonpath={.spec.template.spec}'),
  ) as { serviceAccountName: string; containers: ({ env: object[] } & Record<string, unknown>)[] }
  const { readinessProbe: _, livenessProbe: __, ...container } = template.containers[0]!
  const bare = `bare-${randomUUID().slice(0, 8)}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: bare, namespace: 'todo', labels: { 'todo/bare': bare } },
    spec: {
      serviceAccountName: template.serviceAccountName,
      automountServiceAccountToken: false,
      containers: [{ ...container, env: [...container.env, { name: 'PORT', value: '8080' }] }],
    },
  } as Awaited<ReturnType<typeof barePod>>
}

const firstAnswer = async (attempt: () => Promise<unknown>): Promise<void> => {
  for (;;) {
    try {
      await attempt()
      return
    } catch {
      await sleep(10)
    }
  }
}

test('warm: one caller, one connection, one request after another', async () => {
  const bare = await barePod()
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: bare.metadata,
    spec: { selector: bare.metadata.labels, ports: [{ port: 80, targetPort: 8080 }] },
  }
  await apply(bare, service)
  await inTodo('wait', '--for=condition=Ready', `pod/${bare.metadata.name}`, '--timeout=120s')
  const pod = await reach('todo', bare.metadata.name, 80)
  const ingress = await reach('kourier-system', 'kourier-internal', 80)
  const ways = {
    'a bare pod': () => straight(pod, 'bare'),
    Kourier: () => straight(ingress, clusterLocal(name)),
    'the gateway': throughGateway,
  }
  const times: Record<string, number[]> = {}
  for (const way of Object.values(ways)) await firstAnswer(way)
  for (let round = 0; round < warmCount; round++) {
    for (const [label, way] of Object.entries(ways)) (times[label] ??= []).push(await way())
  }
  const base = median(times['a bare pod']!)
  for (const [label, values] of Object.entries(times)) {
    const ratio = (median(values) / base).toFixed(2)
    measured(`GET ${path} warm, through ${label}`, `${spread(values)}; ${ratio} times a bare pod`)
  }
  expect(Object.values(times).map(({ length }) => length)).toEqual([warmCount, warmCount, warmCount])
})

test('from zero: the first request after all pods have gone', async () => {
  // The API server itself, without a process for each question. It leads to pods, too.
  const api = await startProxy()
  const pods = `${api.url}/api/v1/namespaces/todo/pods`
  const [cold, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < coldCount; round++) {
    await eventually('no pod is left', async () => (await podsOf(name)).length === 0, 180_000)
    cold.push(await throughGateway())
    const pod = await barePod()
    const startedAt = performance.now()
    const headers = { 'content-type': 'application/json' }
    const made = await fetch(pods, { method: 'POST', headers, body: JSON.stringify(pod) })
    expect(made.status).toBe(201)
    await firstAnswer(async () => {
      const reply = await fetch(`${pods}/${pod.metadata.name}:8080/proxy/readyz`)
      await reply.text()
      if (reply.status !== 200) throw new Error(String(reply.status))
    })
    bare.push(performance.now() - startedAt)
    await fetch(`${pods}/${pod.metadata.name}`, { method: 'DELETE' })
  }
  api.stop()
  const ratio = (median(cold) / median(bare)).toFixed(2)
  measured(`GET ${path} from zero, through the gateway`, spread(cold))
  measured('a bare pod, from its creation until it is ready', `${spread(bare)}; ratio ${ratio}`)
  expect(cold).toHaveLength(coldCount)
})

async function startProxy(): Promise<{ url: string; stop(): void }> {
  const proxy = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(proxy.stdout, 'data')) as [Buffer]
  return { url: `http://${/[\d.]+:\d+/.exec(line.toString())![0]}`, stop: () => proxy.kill() }
}
