/** `npm run stack` as a process of a test. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres, { type Sql } from 'postgres'
import { inject } from 'vitest'
import type { Status } from '../../local/stack/page.ts'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { freeBlock } from './ports.ts'

const startTimeoutMs = 120_000

export type Running = {
  url: string
  directory: string
  brokers: string
  sql: Sql
  output(): string
  status(): Promise<Status[]>
  /** Sends a signal to the process of a part. */
  signal(part: string, signal: NodeJS.Signals): Promise<void>
  /** Resolves when every part is ready. */
  allReady(timeoutMs?: number): Promise<void>
  /** Asks it to end, as Ctrl-C does, and answers its exit code. */
  stop(): Promise<number | null>
}

/** Starts it on ports and a directory of its own. */
export async function startRunning(settings: Record<string, string> = {}): Promise<Running> {
  const temporary = await temporaryDirectory()
  const [port, ports] = [await freeBlock(1), await freeBlock(300)]
  let output = ''
  const child = spawn(process.execPath, ['local/stack/start.ts'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: temporary.path,
      PORT: String(port),
      STACK_PORTS: String(ports),
      DAPRD: inject('daprd'),
      DEMO: 'false',
      LOG_LEVEL: 'warn',
      SIGN_IN_RATE_LIMIT: '1000',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  await until(() => output.includes('Ctrl-C') || child.exitCode !== null, startTimeoutMs)
  if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`)
  const { database_url } = JSON.parse(await readFile(join(temporary.path, 'running.json'), 'utf8')) as {
    database_url: string
  }
  const sql = postgres(database_url, { max: 2, onnotice: () => {}, connection: { TimeZone: 'UTC' } })

  const status = async () => (await (await fetch(`http://127.0.0.1:${ports}/status.json`)).json()) as Status[]
  return {
    url: `http://127.0.0.1:${port}`,
    directory: temporary.path,
    brokers: `127.0.0.1:${ports + 1}`,
    sql,
    output: () => output,
    status,
    async signal(part, signal) {
      const { pid } = (await status()).find(({ name }) => name === part)!
      process.kill(pid!, signal)
    },
    allReady: (timeoutMs = 30_000) =>
      until(async () => (await status()).every(({ ready }) => ready), timeoutMs),
    async stop() {
      await sql.end()
      child.kill('SIGINT')
      const code = await exited
      await temporary.remove()
      return code
    },
  }
}

type Reply<T> = { status: number; body: T }
type Call = <T>(method: string, path: string, body?: object) => Promise<Reply<T>>

export type Client = {
  userId: string
  call: Call
}

/** Signs somebody up. */
export async function signUp(url: string, name: string): Promise<Client> {
  let token = ''
  const send = async <T>(method: string, path: string, body?: object, bearer = token): Promise<Reply<T>> => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    })
    return { status: reply.status, body: (await reply.json().catch(() => undefined)) as T }
  }
  const account = { name, email: `${name.toLowerCase()}@example.org`, password: 'a long password' }
  const session = await send<{ token: string; user: { id: string } }>(
    'POST',
    '/api/auth/sign-up/email',
    account,
  )
  token = (await send<{ token: string }>('GET', '/api/auth/token', undefined, session.body.token)).body.token
  return { userId: session.body.user.id, call: (method, path, body) => send(method, path, body) }
}
