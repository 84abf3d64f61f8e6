/** What starting costs, and what everything costs at rest. */
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clusterLocal } from '../../local/render/table.ts'
import { injectionLabel } from '../../local/render/sidecar.ts'
import { ask } from './client.ts'
import { apply, eventually, inTodo, isReady, kubectl, list, namespace, podsOf } from './kubectl.ts'
import { measured, median, spread } from './measured.ts'

const rounds = 5
const kinds = { 'cold-plain': false, 'cold-sidecar': true }

type Template = {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> }
  spec: { containers: [{ image: string; env: object[]; securityContext: object; resources: object }] }
}
let template: Template

beforeAll(async () => {
  const { spec } = JSON.parse(await inTodo('get', 'ksvc', 'tag-list', '--output', 'json')) as {
    spec: { template: Template }
  }
  template = spec.template
  await apply(...Object.entries(kinds).map(([name, sidecar]) => service(name, sidecar)))
  await eventually('they are ready', async () => {
    const services = await list('ksvc', 'todo/try=cold')
    return services.length === 2 && services.every(isReady)
  })
})
afterAll(() => inTodo('delete', 'ksvc,pod', '--selector', 'todo/try=cold', '--wait=false'))

/** A copy of `tag-list` that is soon at zero. */
function service(name: string, sidecar: boolean): object {
  const { metadata, spec } = template
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: { 'todo/try': 'cold', 'networking.knative.dev/visibility': 'cluster-local' },
    },
    spec: {
      template: {
        metadata: {
          labels: sidecar ? injectionLabel : {},
          annotations: {
            ...metadata.annotations,
            'dapr.io/enabled': String(sidecar),
            'dapr.io/app-id': name,
            'autoscaling.knative.dev/min-scale': '0',
            'autoscaling.knative.dev/window': '6s',
          },
        },
        spec,
      },
    },
  }
}

async function coldStart(name: string): Promise<number> {
  await eventually(`${name} is at zero`, async () => (await podsOf(name)).length === 0)
  const { status, ms } = await ask(name, 'GET', '/healthz', { host: clusterLocal(name) })
  expect(status).toBe(200)
  return ms
}

/** From the creation of a pod with the same image to its first answer. */
async function barePod(round: number): Promise<number> {
  const [{ image, env, securityContext, resources }] = template.spec.containers
  const name = `cold-bare-${round}`
  const port = { name: 'PORT', value: '8080' }
  const startedAt = performance.now()
  await apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { 'todo/try': 'cold' } },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: 'function', image, env: [...env, port], securityContext, resources }],
    },
  })
  await inTodo('wait', `pod/${name}`, '--for=jsonpath={.status.podIP}', '--timeout=60s')
  const host = await inTodo('get', 'pod', name, '--output', 'jsonpath={.status.podIP}')
  while (!(await answers(host))) await sleep(10)
  const ms = performance.now() - startedAt
  await inTodo('delete', 'pod', name, '--grace-period=0', '--force', '--wait=false')
  return ms
}

const answers = (host: string) =>
  new Promise<boolean>((resolve) => {
    get({ host, port: 8080, path: '/healthz', timeout: 1_000 }, ({ statusCode }) =>
      resolve(statusCode === 200),
    ).once('error', () => resolve(false))
  })

test('a start from zero, next to that of a bare pod', async () => {
  const took: Record<string, number[]> = {
    bare: [],
    ...Object.fromEntries(Object.keys(kinds).map((name) => [name, []])),
  }
  for (let round = 0; round < rounds; round++) {
    took['bare']!.push(await barePod(round))
    for (const name of Object.keys(kinds)) took[name]!.push(await coldStart(name))
  }
  for (const [name, values] of Object.entries(took)) {
    const ratio = (median(values) / median(took['bare']!)).toFixed(2)
    expect(values).toHaveLength(rounds)
    measured(`start from zero, ${name}`, `${spread(values)}, ${ratio} of a bare pod`)
  }
})

test('what it holds at rest', async () => {
  expect(await podsOf('cold-sidecar')).toHaveLength(1)
  const nodes = JSON.parse(await kubectl('get', 'nodes', '--output', 'json')) as {
    items: { metadata: { name: string } }[]
  }
  const held = new Map<string, number[]>()
  for (const { metadata } of nodes.items) {
    const summary = JSON.parse(
      await kubectl('get', '--raw', `/api/v1/nodes/${metadata.name}/proxy/stats/summary`),
    ) as {
      pods: {
        podRef: { name: string; namespace: string }
        containers?: { name: string; memory: { workingSetBytes: number } }[]
      }[]
    }
    for (const { podRef, containers = [] } of summary.pods.filter(
      ({ podRef }) => podRef.namespace === namespace,
    )) {
      for (const { name, memory } of containers) {
        const kind =
          name !== 'daprd'
            ? name
            : podRef.name.includes('-trigger-')
              ? 'daprd of a trigger'
              : podRef.name.startsWith('cold')
                ? 'daprd, idle'
                : 'daprd, used'
        held.set(kind, [...(held.get(kind) ?? []), memory.workingSetBytes / 2 ** 20])
      }
    }
  }
  expect([...held.keys()]).toEqual(expect.arrayContaining(['function', 'daprd of a trigger', 'daprd, idle']))
  for (const [kind, values] of held) {
    const total = values.reduce((sum, value) => sum + value, 0)
    measured(
      `memory, ${kind}`,
      `${values.length} of ${Math.round(total / values.length)} MiB, ${Math.round(total)} MiB`,
    )
  }
})
