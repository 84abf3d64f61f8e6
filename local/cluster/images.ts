/**
 * `npm run images -- --registry <name>`: builds the images that the registry has not yet, each called by what is in it, and writes
 * into `.data/images.json` which image every function has, by its digest. After `npm run build`, which says what is in them.
 */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { rows } from '../../functions/manifest.ts'
import { namesOf } from '../render/images.ts'
import { step } from '../stack/commands.ts'
import { versionOf } from './versions.ts'

const root = join(import.meta.dirname, '../..')
const names = namesOf(rows)

const { registry } = parseArgs({ options: { registry: { type: 'string' } } }).values
if (!registry) throw new Error('--registry <name> says where the images are, such as ghcr.io/somebody/todo.')

const tags = new Map(names.map((name) => [name, `${registry}/${name}:${versionOf(name)}`]))
const there = await digests(names)
const missing = names.filter((name) => !there.has(name))
process.stdout.write(`${there.size} images are there, to be built: ${missing.join(', ') || 'none'}.\n`)
if (missing.length > 0) await bake(missing)
const images = new Map([...there, ...(await digests(missing))])
const lost = names.filter((name) => !images.has(name))
if (lost.length > 0) throw new Error(`The registry does not have what was pushed: ${lost.join(', ')}.`)
const byDigest = names.map((name) => [name, `${registry}/${name}@${images.get(name)!}`])
await mkdir(join(root, '.data'), { recursive: true })
await writeFile(join(root, '.data/images.json'), `${JSON.stringify(Object.fromEntries(byDigest), null, 2)}\n`)

/** The digests of those that the registry has. */
async function digests(asked: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const waiting = [...asked]
  const next = async () => {
    for (let name = waiting.pop(); name; name = waiting.pop()) {
      const digest = await digestOf(tags.get(name)!)
      if (digest) found.set(name, digest)
    }
  }
  await Promise.all(Array.from({ length: 8 }, next))
  return found
}

/** Undefined when there is no such image; throws when the registry cannot be asked. */
async function digestOf(tag: string): Promise<string | undefined> {
  const inspect = ['buildx', 'imagetools', 'inspect', tag, '--format', '{{.Manifest.Digest}}']
  try {
    return (await promisify(execFile)('docker', inspect)).stdout.trim()
  } catch (error) {
    if (/not found|(manifest|name) unknown/i.test((error as Error).message)) return undefined
    throw error
  }
}

function bake(targets: string[]): Promise<void> {
  const set = targets.flatMap((name) => ['--set', `${name}.tags=${tags.get(name)!}`])
  const args = ['buildx', 'bake', '--file', 'images/docker-bake.json', '--push', ...set, ...targets]
  return step('docker', args, { cwd: root })
}
