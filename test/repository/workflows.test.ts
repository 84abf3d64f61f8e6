import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { pathsOf, read } from './files.ts'

type Job = {
  permissions?: Record<string, string>
  steps?: { uses?: string; with?: Record<string, unknown> }[]
}
type Workflow = {
  permissions: Record<string, string>
  defaults: { run: { shell: string } }
  jobs: Record<string, Job>
}

const workflows = pathsOf('.github/workflows/*.yml')
const actions = pathsOf('.github/actions/*/action.yml')

test.each([...workflows, ...actions])('%s names actions of others by commit, and their version', (path) => {
  const used = [...read(path).matchAll(/uses: (.*)/g)].map(([, what]) => what!)
  const others = used.filter((what) => !what.startsWith('./'))
  for (const what of others) expect(what).toMatch(/^[\w-]+\/[\w-]+@[\da-f]{40} # v\d+(\.\d+){1,2}$/)
})

describe.each(workflows)('%s', (path) => {
  const { permissions, defaults, jobs } = parse(read(path)) as Workflow

  test('may read, and only a job that has to may more', () => {
    expect(permissions).toEqual({ contents: 'read' })
    const more = Object.entries(jobs).flatMap(([name, job]) =>
      Object.entries(job.permissions ?? {}).flatMap(([what, how]) =>
        how === 'write' ? [`${name}: ${what}`] : [],
      ),
    )
    expect(more).toEqual(path.endsWith('/deliver.yml') ? ['images: packages', 'deliver: id-token'] : [])
  })

  test('fails when any command of a step does', () => {
    expect(defaults.run.shell).toBe('bash')
  })

  test('leaves no token in the checkout', () => {
    const checkouts = Object.values(jobs)
      .flatMap(({ steps = [] }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const checkout of checkouts) expect(checkout.with?.['persist-credentials']).toBe(false)
  })
})

test('each place has an overlay, a way to make its cluster, a way in, and is told of', () => {
  const places = pathsOf('knative/overlays/*/kustomization.yaml')
    .map((path) => path.split('/').at(-2)!)
    .filter((name) => name !== 'local')
    .toSorted()
  const named = (paths: string[]) => paths.map((path) => path.split('/').at(-2)!).toSorted()
  expect(named(actions)).toEqual(places)
  expect(named(pathsOf('cluster/*/create'))).toEqual(places)
  const [text, document] = [read('.github/workflows/deliver.yml'), read('docs/delivery.md')]
  for (const place of places) {
    expect(text).toContain(`matrix.place == '${place}'`)
    expect(document).toContain(`cluster/${place}/create`)
  }
})
