/**
 * `npm run deliver -- <overlay> [--images <file>] [--minutes <n>]`: brings the cluster of `KUBECONFIG` to this version, as whoever
 * has the rights of `knative/components/deployer`, and says what became of each function. One that does not become ready goes on
 * with its revision before, and the command fails with the reason. The file is that of `npm run images`.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { standingOf, withImages, type Service } from './delivery.ts'

const root = join(import.meta.dirname, '../..')
const pollMs = 2_000

try {
  const failed = await deliver()
  for (const reason of failed) process.stderr.write(`${reason}\n`)
  process.exitCode = failed.length > 0 ? 1 : 0
} catch (error) {
  const { stderr, message } = error as Error & { stderr?: string }
  process.stderr.write(`${stderr?.trim() || message}\n`)
  process.exitCode = 2
}

/** Applies everything, waits, and answers why what is not ready is not. */
async function deliver(): Promise<string[]> {
  const { overlay, images, minutes } = asked()
  const manifests = withImages(
    await kubectl(['kustomize', join(root, 'knative/overlays', overlay)]),
    JSON.parse(await readFile(images, 'utf8')) as Record<string, string>,
  )
  const before = await revisions()
  // A Job cannot be changed. What it has applied it does not apply again.
  await kubectl(['delete', 'job', '--selector', 'app.kubernetes.io/name=migrate', '--ignore-not-found'])
  await kubectl(['apply', '--selector', 'app.kubernetes.io/component', '--filename', '-'], manifests)
  const failed = await settled(Date.now() + minutes * 60_000)
  const changed = [...(await revisions())].filter(([name, revision]) => revision !== before.get(name))
  for (const [name, revision] of changed) process.stdout.write(`${name}: ${revision}\n`)
  process.stdout.write(`${changed.length} functions have another revision than before.\n`)
  return failed
}

function asked() {
  const { values, positionals } = parseArgs({
    options: {
      images: { type: 'string', default: join(root, '.data/images.json') },
      minutes: { type: 'string', default: '10' },
    },
    allowPositionals: true,
  })
  const [overlay] = positionals
  if (!overlay) throw new Error('Name an overlay, one of the folders of knative/overlays.')
  return { overlay, images: values.images, minutes: Number(values.minutes) }
}

/** The reasons of what is not ready when it is time. */
async function settled(until: number): Promise<string[]> {
  for (;;) {
    const waiting = (await services()).filter((service) => !standingOf(service).isReady)
    if (waiting.length === 0) break
    if (Date.now() > until) return Promise.all(waiting.map(reasonOf))
    await sleep(pollMs)
  }
  const rollout = ['rollout', 'status', 'deployment', '--selector', 'app.kubernetes.io/component=trigger']
  return kubectl([...rollout, `--timeout=${Math.max(1, Math.ceil((until - Date.now()) / 1000))}s`]).then(
    () => [],
    (error: Error) => [error.message],
  )
}

/** With what its newest pods wait for, if they do. */
async function reasonOf(service: Service): Promise<string> {
  const revision = `serving.knative.dev/revision=${service.status?.latestCreatedRevisionName}`
  const waiting = '{.items[*].status.containerStatuses[*].state.waiting.message}'
  const pods = await kubectl(['get', 'pods', '--selector', revision, '--output', `jsonpath=${waiting}`])
  return `${service.metadata.name}: ${standingOf(service).reason} ${pods}`.trim()
}

async function services(): Promise<Service[]> {
  const { items } = JSON.parse(
    await kubectl(['get', 'services.serving.knative.dev', '--output', 'json']),
  ) as {
    items: Service[]
  }
  return items
}

/** What answers now, by function. */
async function revisions() {
  return new Map(
    (await services()).map(({ metadata, status }) => [metadata.name, status?.latestReadyRevisionName]),
  )
}

async function kubectl(args: string[], input?: string): Promise<string> {
  const running = promisify(execFile)('kubectl', ['--namespace', 'todo', ...args], {
    maxBuffer: 100_000_000,
  })
  running.child.stdin?.end(input)
  return (await running).stdout
}
