/**
 * Installs the application with the commands of docs/cluster.md, and waits until all of it is ready.
 *
 * `IMAGE_COMMAND`: a shell command that puts the folder `$2` as image `$1` where the nodes find it, on the base of the Dockerfile;
 * without it the images have to be there. `KAFKA_BROKERS`: a broker outside of the application, as this machine reaches it, to
 * declare the topics; without it the application brings its own. Pods reach it as `POD_KAFKA_BROKERS`; `KILL_BROKER` is a shell
 * command that kills it and starts it again.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { rows } from '../../functions/manifest.ts'
import { standingOf, type Service } from '../../local/cluster/delivery.ts'
import { versionOf } from '../../local/cluster/versions.ts'
import { migration, namesOf } from '../../local/render/images.ts'
import { imageOf } from '../../local/render/table.ts'
import { declareTopics } from '../../local/stack/kafka.ts'
import { endForwards, eventually, inTodo, kubectl, list, type Resource } from './kubectl.ts'
import { measured } from './measured.ts'

const readyTimeoutMs = 600_000
/** Which build a Knative Service runs: the tag of a local image never changes, so a new one has to be told. */
const buildAnnotation = 'todo/build'

export async function setup(): Promise<() => void> {
  if (!process.env['KUBECONFIG']) throw new Error('KUBECONFIG: say which cluster.')
  const brokers = process.env['KAFKA_BROKERS']
  if (brokers) await declareTopics(brokers)
  const overlay = brokers ? withoutOwnBroker() : 'knative/overlays/local'
  const known = await knownBuilds()
  const builds = loadImages(known)
  run('node', 'local/cluster/secrets.ts')

  const startedAt = performance.now()
  // Of what has to be there before, the part that is no program.
  await kubectl('apply', '--kustomize', 'cluster/addons/gateway')
  // A Job cannot be changed, and what was built may be another migration.
  await inTodo('delete', 'job', '--selector', 'app.kubernetes.io/name=migrate')
  await kubectl('apply', '--kustomize', overlay)
  for (const [name, build] of builds) {
    const metadata = { annotations: { [buildAnnotation]: build } }
    const patch = { metadata, ...(known.has(name) && { spec: { template: { metadata } } }) }
    await inTodo('patch', 'ksvc', name, '--type=merge', '--patch', JSON.stringify(patch))
  }
  await eventually('everything is ready', async () => (await notReady()).length === 0, readyTimeoutMs).catch(
    async (error: Error) => {
      throw new Error(`${error.message}\n${(await notReady()).join('\n')}`)
    },
  )
  const services = await list('ksvc')
  measured(
    `${services.length} Knative Services ready`,
    `${Math.round((performance.now() - startedAt) / 1000)} s`,
  )
  return endForwards
}

/** The local overlay with another broker than its own. Answers its folder. */
function withoutOwnBroker(): string {
  const folder = '.data/cluster'
  const address = process.env['POD_KAFKA_BROKERS'] ?? 'redpanda.redpanda.svc.cluster.local:9093'
  const remove = (apiVersion: string, kind: string, name: string) => ({
    target: { kind, labelSelector: `app.kubernetes.io/name=${name}` },
    patch: stringify({ $patch: 'delete', apiVersion, kind, metadata: { name } }),
  })
  const local = 'knative/overlays/local'
  // What a base says of the order does not count.
  const { sortOptions } = parse(readFileSync(`${local}/kustomization.yaml`, 'utf8')) as {
    sortOptions: object
  }
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    sortOptions,
    resources: [`../../${local}`],
    patches: [
      remove('apps/v1', 'StatefulSet', 'redpanda'),
      remove('batch/v1', 'Job', 'topics'),
      {
        target: { group: 'dapr.io', kind: 'Component', name: 'pubsub(-spare)?' },
        patch: stringify([{ op: 'replace', path: '/spec/metadata/0/value', value: address }]),
      },
    ],
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/kustomization.yaml`, stringify(kustomization))
  return folder
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: process.env })
}

/** Builds, and loads what differs from what was loaded before. Answers the build of each function that was loaded. */
function loadImages(known: Map<string, string | undefined>): Map<string, string> {
  const command = process.env['IMAGE_COMMAND']
  const builds = new Map<string, string>()
  if (!command) return builds
  run('npm', 'run', 'build')
  for (const name of namesOf(rows)) {
    const build = versionOf(name)
    if (known.get(name) === build) continue
    run('sh', '-c', command, 'sh', imageOf(name), `dist/${name}`)
    if (name !== migration) builds.set(name, build)
  }
  return builds
}

async function knownBuilds(): Promise<Map<string, string | undefined>> {
  const services = await list('ksvc').catch((): Resource[] => [])
  return new Map(services.map(({ metadata }) => [metadata.name, metadata.annotations?.[buildAnnotation]]))
}

/** What is not ready, and why. */
async function notReady(): Promise<string[]> {
  const services = (await list('ksvc')).filter((service) => !standingOf(service as Service).isReady)
  const workloads = (await list('deployments,statefulsets')).filter(
    ({ metadata, spec, status }) =>
      !metadata.labels?.['serving.knative.dev/service'] && status?.['readyReplicas'] !== spec['replicas'],
  )
  const jobs = (await list('jobs')).filter(({ status }) => status?.['succeeded'] !== 1)
  return [...services, ...workloads, ...jobs].map(describe)
}

const describe = ({ kind, metadata, status }: Resource) => {
  const problem = status?.conditions?.find(({ status: value }) => value !== 'True')
  return `${kind} ${metadata.name}: ${problem?.reason ?? ''} ${problem?.message ?? ''}`
}
