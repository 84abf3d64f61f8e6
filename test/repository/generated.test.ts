import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { rows } from '../../functions/manifest.ts'
import { delivery } from '../../shared/contract/events.ts'
import { describeSettings } from '../../shared/runtime/config.ts'
import { apiTypes } from '../../local/render/api-types.ts'
import { openapi } from '../../local/render/openapi.ts'
import { withFunctionTable } from '../../local/render/readme.ts'
import { generatedFolders, render } from '../../local/render/render.ts'
import { sources } from '../../local/render/settings.ts'
import { pathsOf, read } from './files.ts'

const files = render(rows)
const mend = 'It is generated: run `npm run generate` and commit what it writes.'

describe('what is committed is what the manifest says', () => {
  test.each([...files])('%s', (path, text) => {
    expect(pathsOf(path), mend).toEqual([path])
    expect(read(path), mend).toBe(text)
  })

  test('nothing else is in the generated folders', () => {
    const found = generatedFolders
      .flatMap((folder) => pathsOf(`${folder}/**`))
      .filter((path) => /\.\w+$/.test(path))
    expect(
      found.filter((path) => !files.has(path)),
      mend,
    ).toEqual([])
  })

  test('the generated folders are the ones that files are generated into', () => {
    const used = [...files.keys()]
      .filter((path) => !path.startsWith('docs/'))
      .map((path) => path.slice(0, path.lastIndexOf('/')))
    expect(new Set(generatedFolders)).toEqual(new Set(used))
  })

  test('README.md: the function table', () => {
    expect(withFunctionTable(read('README.md'), rows), mend).toBe(read('README.md'))
  })

  test('openapi.json', async () => {
    expect(`${JSON.stringify(await openapi(), null, 2)}\n`, mend).toBe(read('openapi.json'))
  })

  test('the types of the web app', async () => {
    const [path, text] = apiTypes(await openapi())
    expect(text, mend).toBe(read(path))
  })
})

type Metadata = { name: string; value: string }[]
type Resource = {
  kind: string
  metadata: { name: string; namespace: string }
  spec: { metadata: Metadata; topic: string; deadLetterTopic: string }
  scopes: string[]
}

const resources = [...files]
  .filter(([path]) => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'))
  .map(([, text]) => parse(text) as Resource)
const subscriptions = resources.filter(({ kind }) => kind === 'Subscription')

/** `app=topic,topic;app=topic` of the pub/sub component. */
function scopesOf(name: string): Map<string, string[]> {
  const pubsub = resources.find(({ kind, metadata }) => kind === 'Component' && metadata.name === 'pubsub')!
  const { value } = pubsub.spec.metadata.find((entry) => entry.name === name)!
  return new Map(value.split(';').map((scope) => [scope.split('=')[0]!, scope.split('=')[1]!.split(',')]))
}

describe('events', () => {
  test.each(subscriptions.map((subscription) => [subscription.metadata.name, subscription] as const))(
    '%s: its trigger may consume the topic and publish its dead letters, which daprd checks alike',
    (_, { scopes: [trigger, ...others], spec }) => {
      expect(others).toEqual([])
      expect(scopesOf('subscriptionScopes').get(trigger!)).toContain(spec.topic)
      expect(scopesOf('publishingScopes').get(trigger!)).toContain(spec.deadLetterTopic)
    },
  )

  test('dead letters end: following them from any topic comes to one that nobody consumes', () => {
    const next = new Map(subscriptions.map(({ spec }) => [spec.topic, spec.deadLetterTopic]))
    for (const start of next.keys()) {
      const seen: string[] = []
      for (let topic: string | undefined = start; topic !== undefined; topic = next.get(topic)) {
        expect(seen).not.toContain(topic)
        seen.push(topic)
      }
    }
  })

  test('only the relay publishes anything but dead letters', () => {
    const others = [...scopesOf('publishingScopes')].filter(([appId]) => appId !== 'outbox-relay')
    expect(new Set(others.flatMap(([, topics]) => topics))).toEqual(
      new Set(['dead-letter', 'dead-letter-parked']),
    )
  })

  test('a changed subscription replaces the pods of its trigger, and of no other', () => {
    const changed = render(
      rows.map(([name, row]) => [name, name === 'notification-plan' ? { ...row, bulk: 7 } : row]),
    )
    const replaced = [...files].filter(
      ([path, text]) => path.startsWith('knative/') && changed.get(path) !== text,
    )
    expect(replaced.map(([path]) => path)).toEqual(['knative/triggers/notification-plan.yaml'])
  })

  test('and so has each sidecar that a function uses a digest of what it reads, but none that idles', () => {
    const marked = [...files].filter(
      ([path, text]) => /services/.test(path) && /todo\/resources: /.test(text),
    )
    const using = rows.filter(([, { sidecar }]) => sidecar).map(([name]) => `knative/services/${name}.yaml`)
    expect(marked.map(([path]) => path)).toEqual(using)
  })

  test('the pauses of the contract are those that Dapr has and nobody can set', () => {
    expect(delivery).toMatchObject({ firstPauseMs: 500, pauseFactor: 1.5 })
  })
})

describe('a function in a cluster', () => {
  test('every setting is either given to those who read it, or known to be given by somebody else', () => {
    const known = Object.entries(sources).flatMap(([section, settings]) =>
      Object.keys(settings).map((name) => `${section}.${name}`),
    )
    expect(known).toEqual(describeSettings().map(({ section, name }) => `${section}.${name}`))
  })

  test('only auth gets the secret that encrypts the signing keys', () => {
    const holders = [...files].filter(
      ([path, text]) => path.endsWith('.yaml') && text.includes('AUTH_SECRET'),
    )
    expect(holders.map(([path]) => path)).toEqual(['knative/services/auth.yaml'])
  })

  test('every resource is in the namespace, under a name of its own', () => {
    const named = resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(named).size).toBe(named.length)
    const own = resources.filter(({ kind }) => kind !== 'Topic')
    expect(new Set(own.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['todo']))
  })
})
