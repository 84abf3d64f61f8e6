/**
 * `npm run test:manifests`: every overlay and every component is offered to the API server of `KUBECONFIG`, which checks it
 * against the definitions that it has and keeps nothing but the namespaces. A kind that it does not know is a failure, unless
 * it is named in `WITHOUT_DEFINITION`, separated by commas; what was not checked is told.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments, stringify } from 'yaml'

type Resource = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } }
type Kustomization = { components: string[] }

const root = join(import.meta.dirname, '../..')
const knative = join(root, 'knative')
/** Each stands for another component, which the local overlay has. */
const alternatives = ['public-certificates']

if (!process.env['KUBECONFIG']) throw new Error('KUBECONFIG: say which API server.')
const known = new Set(
  kubectl('api-resources', '--no-headers')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(-3).join(' ')),
)
const unchecked = new Set((process.env['WITHOUT_DEFINITION'] ?? '').split(',').filter(Boolean))
execFileSync(process.execPath, [join(root, 'local/cluster/secrets.ts')], { stdio: 'ignore' })

const seen = new Set<string>()
const left = new Map<string, number>()
const broken: string[] = []
for (const [name, text] of variants()) {
  const resources = parseAllDocuments(text).map((document) => document.toJS() as Resource)
  const fresh = resources.filter((resource) => !seen.has(JSON.stringify(resource)))
  for (const resource of fresh) seen.add(JSON.stringify(resource))
  const checkable = fresh.filter(({ apiVersion, kind }) => {
    if (known.has(`${apiVersion} true ${kind}`) || known.has(`${apiVersion} false ${kind}`)) return true
    if (unchecked.has(kind)) left.set(kind, (left.get(kind) ?? 0) + 1)
    else broken.push(`${name}: the server has no ${kind} of ${apiVersion}`)
    return false
  })
  if (checkable.length > 0) broken.push(...refusals(checkable).map((refusal) => `${name}: ${refusal}`))
  process.stdout.write(`${name}: ${checkable.length} checked, ${resources.length - fresh.length} as before\n`)
}
for (const [kind, count] of left)
  process.stdout.write(`Not checked, the server has no definition: ${count} of ${kind}\n`)
process.stdout.write(
  broken.length > 0
    ? `${broken.join('\n')}\n${broken.length} refused\n`
    : `${seen.size} objects, none refused\n`,
)
process.exit(broken.length > 0 ? 1 : 0)

function kubectl(...args: string[]): string {
  return execFileSync('kubectl', args, { maxBuffer: 100_000_000 }).toString()
}

/** The overlays as they are; then each component on the base, and on the local overlay where that can have it. */
function* variants(): Generator<[name: string, text: string]> {
  const folders = (path: string) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
  for (const overlay of folders(join(knative, 'overlays')))
    yield [`overlays/${overlay}`, kubectl('kustomize', join(knative, 'overlays', overlay))]
  const local = parse(
    readFileSync(join(knative, 'overlays/local/kustomization.yaml'), 'utf8'),
  ) as Kustomization
  for (const component of folders(join(knative, 'components'))) {
    yield [`components/${component}`, built('base', component)]
    const isThere = local.components.some((path) => path.endsWith(`/${component}`))
    if (!isThere && !alternatives.includes(component))
      yield [`overlays/local with ${component}`, built('overlays/local', component)]
  }
}

function built(base: string, component: string): string {
  // Below the repository: kustomize takes no absolute paths.
  mkdirSync(join(root, '.data'), { recursive: true })
  const directory = mkdtempSync(join(root, '.data/variant-'))
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [`../../knative/${base}`],
    components: [`../../knative/components/${component}`],
  }
  writeFileSync(join(directory, 'kustomization.yaml'), stringify(kustomization))
  try {
    return kubectl('kustomize', directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** What the server says against them. Namespaces are made, or nothing could be in them. */
function refusals(resources: Resource[]): string[] {
  const namespaces = new Set(resources.map(({ metadata }) => metadata.namespace ?? 'default'))
  for (const name of namespaces) spawnSync('kubectl', ['create', 'namespace', name])
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: resources })
  const args = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--dry-run=server',
    '--validate=strict',
    '--filename',
    '-',
  ]
  const { status, stderr } = spawnSync('kubectl', args, { input: list, maxBuffer: 100_000_000 })
  return status === 0
    ? []
    : stderr
        .toString()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('Warning:'))
}
