import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { rows } from '../../functions/manifest.ts'
import { connectionsOf, poolSize, scaleOf } from '../../local/render/scale.ts'
import { latestMigration } from '../../shared/data/schema.ts'
import { pathsOf, read } from './files.ts'

const yaml = (path: string): unknown => parse(read(path))
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
const setting = (name: string) => {
  const { configMapGenerator } = yaml('knative/base/kustomization.yaml') as {
    configMapGenerator: [{ literals: string[] }]
  }
  return configMapGenerator[0].literals.find((literal) => literal.startsWith(`${name}=`))?.split('=')[1]
}

describe('connections to the database', () => {
  /** For superusers, the migration, and a person who looks. */
  const others = 3 + 1 + 10

  test('all functions at their most instances fit on the server that we bring, a rollout of the largest included', () => {
    const server = read('knative/components/own-postgres/server.yaml')
    const allowed = Number(/max_connections=(\d+)/.exec(server)![1])
    const all = rows.map(([, row]) => connectionsOf(row))
    expect(sum(all) + Math.max(...all) + others).toBeLessThanOrEqual(allowed)
  })

  test('the documented sum is theirs', () => {
    const [, documented] = /(\d+) for all functions at their most/.exec(read('docs/cluster.md'))!
    expect(Number(documented)).toBe(sum(rows.map(([, row]) => connectionsOf(row))))
  })

  test('an instance has as many as the budget counts', () => {
    expect(setting('DATABASE_POOL_SIZE')).toBe(String(poolSize))
  })
})

test('the quota lets all functions be at their most instances', () => {
  type Container = { resources: { requests: { cpu: string; memory: string } } }
  type Template = {
    metadata: { annotations: Record<string, string> }
    spec: { containers: [Container] }
  }
  const { spec } = yaml('knative/base/quota.yaml') as { spec: { hard: Record<string, string> } }
  /** Of queue-proxy, by Knative's default. */
  const queue = { cpu: 25, memory: 50 }
  const pods = [
    ...rows.map(([name, row]) => ({ path: `knative/services/${name}.yaml`, count: scaleOf(row).max, queue })),
    ...rows
      .filter(([, row]) => row.trigger !== 'http')
      // One more while they are replaced.
      .map(([name]) => ({ path: `knative/triggers/${name}.yaml`, count: 3, queue: { cpu: 0, memory: 0 } })),
  ].map(({ path, count, queue }) => {
    const { metadata, spec } = (yaml(path) as { spec: { template: Template } }).spec.template
    const { cpu, memory } = spec.containers[0].resources.requests
    const sidecar = metadata.annotations
    return {
      count,
      cpu: Number.parseInt(cpu) + queue.cpu + Number.parseInt(sidecar['dapr.io/sidecar-cpu-request']!),
      memory:
        Number.parseInt(memory) + queue.memory + Number.parseInt(sidecar['dapr.io/sidecar-memory-request']!),
    }
  })
  expect(Number(spec.hard['pods'])).toBeGreaterThan(sum(pods.map(({ count }) => count)))
  expect(Number(spec.hard['requests.cpu']) * 1000).toBeGreaterThan(
    sum(pods.map(({ count, cpu }) => count * cpu)),
  )
  expect(Number.parseInt(spec.hard['requests.memory']!) * 1024).toBeGreaterThan(
    sum(pods.map(({ count, memory }) => count * memory)),
  )
})

test('functions wait for the last migration that there is', () => {
  expect(pathsOf('shared/data/migrations/*.sql').at(-1)!.split('/').at(-1)).toBe(latestMigration)
})

test('whoever publishes or consumes reaches the broker through the network policies, and nobody else', () => {
  const { spec } = yaml('knative/components/network-policies/broker.yaml') as {
    spec: { podSelector: { matchExpressions: [{ values: string[] }] } }
  }
  const { scopes } = yaml('dapr/components/pubsub.yaml') as { scopes: string[] }
  expect(spec.podSelector.matchExpressions[0].values.toSorted()).toEqual(scopes.toSorted())
})

test('an overlay applies settings and what sidecars read before anything that starts pods', () => {
  type Overlay = { sortOptions: { legacySortOptions: { orderFirst: string[] } } }
  const readAtStart = ['ConfigMap', 'Secret', 'Component', 'Configuration', 'Resiliency', 'Subscription']
  const startPods = ['Service', 'Deployment', 'StatefulSet', 'Job']
  for (const path of pathsOf('knative/overlays/*/kustomization.yaml')) {
    const { orderFirst } = (yaml(path) as Overlay).sortOptions.legacySortOptions
    expect(orderFirst, path).toEqual(expect.arrayContaining(readAtStart))
    expect(
      orderFirst.filter((kind) => startPods.includes(kind)),
      path,
    ).toEqual([])
  }
})

test('the documented commands give every image of ours the tag of its build', () => {
  const [, script] = /sed "(.*?)"/.exec(read('docs/cluster.md'))!
  const ours = pathsOf('knative/{services,jobs}/*.yaml').map(read).join('')
  const tagged = execFileSync('sed', [script!.replace('$TAG', '1700000000')], { input: ours }).toString()
  const images = (text: string) => [...text.matchAll(/image: (dev\.local\/.*)/g)].map(([, image]) => image!)
  expect(images(tagged)).toHaveLength(rows.length + 1)
  expect(images(tagged)).toEqual(images(ours).map((image) => image.replace(/:local$/, ':1700000000')))
})

test('components can be combined: none names a resource like another, but for the two that sign certificates', () => {
  type Resource = { kind: string; metadata: { name: string } }
  const named = pathsOf('knative/components/*/kustomization.yaml').flatMap((path) => {
    const { resources = [] } = yaml(path) as { resources?: string[] }
    const own = resources.filter((file) => file.endsWith('.yaml'))
    const folder = path.slice(0, path.lastIndexOf('/'))
    return own
      .map((file) => yaml(`${folder}/${file}`) as Resource)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  })
  expect(named.filter((name, index) => named.indexOf(name) < index)).toEqual(['Issuer todo'])
})

test('whoever delivers may apply everything that has a component label, and may read no secret', () => {
  type Resource = { apiVersion: string; kind: string; metadata?: { labels?: Record<string, string> } }
  type Role = { rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[] }
  const { rules } = yaml('knative/components/deployer/role.yaml') as Role
  const may = (verb: string, group: string, resource: string) =>
    rules.some(
      ({ apiGroups, resources, verbs }) =>
        apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb),
    )
  const paths = pathsOf('{knative,dapr}/**/*.yaml').filter((path) => !path.endsWith('kustomization.yaml'))
  const delivered = paths
    .map((path) => [path, yaml(path) as Resource] as const)
    .filter(
      ([path, { metadata }]) => path.startsWith('dapr/') || metadata?.labels?.['app.kubernetes.io/component'],
    )
  expect(delivered.length).toBeGreaterThan(100)
  for (const [path, { apiVersion, kind }] of delivered) {
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : ''
    const resource = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies')
    for (const verb of ['get', 'create', 'patch'])
      expect(may(verb, group, resource), `${verb} ${path}`).toBe(true)
  }
  expect(may('get', '', 'secrets')).toBe(false)
  expect(read('dapr/kustomization.yaml')).toContain('app.kubernetes.io/component: ')
})

describe('the broker', () => {
  test('every overlay says how its own is reached: what the base names wants TLS and a password', () => {
    for (const path of pathsOf('knative/overlays/*/kustomization.yaml')) {
      const { components } = yaml(path) as { components: string[] }
      const named = components.filter((component) => /\/(own-broker|broker-sasl)$/.test(component))
      expect(named, path).toHaveLength(1)
    }
  })

  test('is one version wherever we bring it, and for those who make its topics', () => {
    const images = ['compose', 'knative/components/own-broker/server', 'knative/topics/topics'].map(
      (path) => /redpandadata\/redpanda:\S+/.exec(read(`${path}.yaml`))?.[0],
    )
    expect(images[0]).toBeDefined()
    expect(new Set(images).size).toBe(1)
  })
})

describe('secrets', () => {
  const manifests = pathsOf('{knative,dapr,cluster}/**/*.{yaml,yml}')

  test('no manifest holds one', () => {
    expect(manifests.filter((path) => /^kind: Secret$/m.test(read(path)))).toEqual([])
  })

  test('those of the local overlay are made by a command, and not under version control', () => {
    expect(read('.gitignore')).toContain('knative/overlays/local/secrets/\n')
    expect(read('.dockerignore')).toMatch(/^knative$/m)
  })
})
