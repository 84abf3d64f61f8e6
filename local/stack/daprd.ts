/** The Dapr sidecar as a program: found on this machine, or built once. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { config } from '../../shared/runtime/config.ts'
import { cached } from './cache.ts'
import { isProgram, onPath, output, step } from './commands.ts'
import { Missing } from './missing.ts'

export type Found = { path: string; version: string }

const folder = join(import.meta.dirname, 'daprd')

/** Older ones end at one record whose `traceid` is not a string, again after each restart. */
const versionMin = [1, 18, 3] as const

/**
 * daprd from `DAPRD`, the path, or an installation of the Dapr CLI, when it is new enough; else built from Dapr's source with
 * only the components that we use. `tell` hears what takes long.
 */
export async function findDaprd(tell: (sentence: string) => void): Promise<Found> {
  const { DAPRD } = config('stack')
  if (DAPRD) {
    if (await isProgram(DAPRD)) return { path: DAPRD, version: await versionOf(DAPRD) }
    throw new Missing(`DAPRD: there is no program ${DAPRD}.`)
  }
  for (const path of [await onPath('daprd'), join(homedir(), '.dapr/bin/daprd')]) {
    if (!path || !(await isProgram(path))) continue
    const version = await versionOf(path)
    if (isNewEnough(version)) return { path, version }
    tell(`${path} is Dapr ${version}; ${versionMin.join('.')} or newer is needed.`)
  }
  return build(tell)
}

const versionOf = (path: string) => output(path, '--version')

function isNewEnough(version: string): boolean {
  const given = version.split('.').map(Number)
  const differs = versionMin.findIndex((part, index) => part !== given[index])
  return differs === -1 || given[differs]! > versionMin[differs]!
}

/**
 * Copies Dapr's module out of Go's cache, puts our list of components in the place of its own, and builds its daprd: the
 * program is Dapr's own but for that list.
 */
async function build(tell: (sentence: string) => void): Promise<Found> {
  const defining = ['components.go', 'go.mod', 'go.sum'].map((file) => join(folder, file))
  const { dapr, version } = await pinned()
  const directory = await cached(`daprd-${version}`, defining, async (directory) => {
    const go = await onPath('go')
    if (!go) {
      throw new Missing(
        'Dapr: there is no daprd and no Go to build it with. Install the Dapr CLI or Go, or set DAPRD.',
      )
    }
    tell(`Building daprd ${version}, once: five minutes on two cores ...`)
    const source = join(directory, 'source')
    await cp(await moduleDirectory(go, dapr), source, {
      recursive: true,
      filter: (path) => !/\/(tests|docs)$/.test(path),
    })
    await step('chmod', ['-R', 'u+w', source])
    const list = 'cmd/daprd/components/zz_notag.go'
    await writeFile(join(source, list), await readFile(join(folder, 'components.go')))
    await substitute(go, source)
    const ldflags = `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${version}`
    await step(
      go,
      [
        'build',
        '-mod=readonly',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        ldflags,
        '-o',
        join(directory, 'daprd'),
        './cmd/daprd',
      ],
      {
        cwd: source,
        env: { CGO_ENABLED: '0', GOFLAGS: '' },
      },
    )
    await rm(source, { recursive: true })
  })
  const path = join(directory, 'daprd')
  return { path, version: await versionOf(path) }
}

const standIn = 'github.com/dapr/durabletask-go'

async function pinned() {
  const text = await readFile(join(folder, 'go.mod'), 'utf8')
  const versionIn = (module: string) => new RegExp(`^require ${module} v(\\S+)$`, 'm').exec(text)![1]!
  return {
    version: versionIn('github.com/dapr/dapr'),
    dapr: 'github.com/dapr/dapr',
    replacement: `${standIn}=${standIn}@v${versionIn(standIn)}`,
  }
}

/** Where Go keeps a module of ours, downloaded and compared with go.sum. */
async function moduleDirectory(go: string, module: string): Promise<string> {
  await step(go, ['mod', 'download', module], { cwd: folder })
  return output(go, '-C', folder, 'list', '-m', '-f', '{{.Dir}}', module)
}

async function substitute(go: string, source: string): Promise<void> {
  const { replacement } = await pinned()
  await step(go, ['mod', 'edit', `-replace=${replacement}`], { cwd: source })
  const sums = await Promise.all([source, folder].map((path) => readFile(join(path, 'go.sum'), 'utf8')))
  await writeFile(join(source, 'go.sum'), sums.join(''))
}
