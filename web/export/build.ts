/**
 * `npm run build:web`: the web app as plain files in web/dist, unless they are there and nothing changed since.
 * NEXT_PUBLIC_API_ORIGIN names the API where it has an origin of its own.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { withPolicy } from './policy.ts'
import { workerText } from './worker.ts'

const web = join(import.meta.dirname, '..')
const root = join(web, '..')
const dist = join(web, 'dist')

const apiOrigin = process.env['NEXT_PUBLIC_API_ORIGIN'] ?? ''
const isLarge = 1_024

/** No build takes longer. */
const longestMs = 15 * 60_000

/** What the export is made of. */
const sources = [
  'web/**/*.{ts,tsx,css,js,svg,png,webmanifest}',
  'shared/{contract,recurrence}/**/*.ts',
  'openapi.json',
  'package-lock.json',
]

function fingerprint(): string {
  const hash = createHash('sha256').update(apiOrigin)
  const isMade = (path: string) => /(^|\/)(node_modules|\.next|out|dist)$/.test(path)
  const paths = globSync(sources, { cwd: root, exclude: isMade }).filter((path) => !path.includes('.test.'))
  for (const path of paths.toSorted()) hash.update(path).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

/** Builds when it has to. Throws with the output of the build when that fails. */
export const buildWeb = (): Promise<'built' | 'fresh'> => alone(buildOnce)

/** One build at a time: who comes second waits, and finds it done. A lock whose owner has ended is taken over. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(web, '.next.lock')
  while (!(await writeFile(lock, String(process.pid), { flag: 'wx' }).then(() => true, isTaken))) {
    if (await isLeft(lock)) await rm(lock, { force: true })
    else await sleep(100)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

function isTaken(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false
  throw error
}

async function isLeft(lock: string): Promise<boolean> {
  const [pid, made] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]).catch(() => [])
  if (made === undefined) return false
  try {
    // The number of a process that has ended may belong to any other by now.
    return process.kill(Number(pid), 0) && Date.now() - made.mtimeMs > longestMs
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function buildOnce(): Promise<'built' | 'fresh'> {
  const wanted = fingerprint()
  const stamp = join(web, '.next/exported')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted && existsSync(dist)) return 'fresh'
  runNext()
  const files = await transformed(join(web, 'out'))
  const next = `${dist}.next`
  await rm(next, { recursive: true, force: true })
  for (const [path, content] of files) {
    await mkdir(dirname(join(next, path)), { recursive: true })
    await writeFile(join(next, path), content)
  }
  await rm(dist, { recursive: true, force: true })
  await rename(next, dist)
  await writeFile(stamp, wanted)
  return 'built'
}

/** Turbopack is the fast way, in seconds; now and then it panics. What is left then is removed, and webpack takes a minute. */
function runNext(): void {
  const cli = join(root, 'node_modules/next/dist/bin/next')
  const run = (...options: string[]) =>
    spawnSync(process.execPath, [cli, 'build', web, ...options], {
      encoding: 'utf8',
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    })
  if (run().status === 0) return
  rmSync(join(web, '.next'), { recursive: true, force: true })
  if (run().status === 0) return
  rmSync(join(web, '.next'), { recursive: true, force: true })
  const { status, stdout, stderr } = run('--webpack')
  if (status !== 0) throw new Error(`The web app cannot be built:\n${stdout}\n${stderr}`)
}

/** Pages with their policies, the service worker, and everything large once more in each encoding that browsers ask for. */
async function transformed(folder: string): Promise<Map<string, Buffer>> {
  const paths = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = new Map<string, Buffer>()
  for (const entry of paths) {
    const full = join(entry.parentPath, entry.name)
    const path = full.slice(folder.length + 1).replaceAll('\\', '/')
    const content = readFileSync(full)
    files.set(path, path.endsWith('.html') ? Buffer.from(withPolicy(content.toString(), apiOrigin)) : content)
  }
  // The reference reads it beside itself: a bucket has it, and behind a gateway nothing else serves it.
  files.set('openapi.json', await readFile(join(root, 'openapi.json')))
  const source = await readFile(join(web, 'worker/worker.js'), 'utf8')
  files.set('worker.js', Buffer.from(workerText(source, files)))
  for (const [path, content] of Array.from(files)) {
    if (content.length < isLarge || /\.(png|ico|woff2)$/.test(path)) continue
    const brotli = promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
    files.set(`${path}.br`, await brotli)
    files.set(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
  }
  return files
}

if (import.meta.main) process.stdout.write(`The web app is ${await buildWeb()}: ${dist}\n`)
