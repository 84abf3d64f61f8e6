/** `npm start` as a process: what a newcomer sees, and what is left after the power goes. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, startPostgres } from '../../local/postgres.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'

type Running = { url: string; process: ChildProcess; output: () => string }

let temporary: TemporaryDirectory
let directory: string
let port: number
let system: Running

function launch(settings: Record<string, string> = {}): Running {
  let output = ''
  const child = spawn(process.execPath, ['local/start.ts'], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: directory,
      PORT: String(port),
      DEMO: 'false',
      LOG_LEVEL: 'warn',
      SIGN_IN_RATE_LIMIT: '1000',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { url: `http://localhost:${port}`, process: child, output: () => output }
}

async function start(settings: Record<string, string> = {}): Promise<Running> {
  const running = launch(settings)
  const { process: child, output } = running
  await until(() => output().includes('runs at') || child.exitCode !== null, 60_000)
  if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output()}`)
  return running
}

async function end({ process: child }: Running, signal: NodeJS.Signals): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill(signal)
  return exited
}

type Reply<T> = { status: number; body: T }

async function call<T>(
  path: string,
  { method = 'GET', token = '', body }: { method?: string; token?: string; body?: object } = {},
): Promise<Reply<T>> {
  const reply = await fetch(`${system.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: (await reply.json().catch(() => undefined)) as T }
}

/** Signs somebody up and answers the token that the functions take. */
async function newUser(name: string): Promise<string> {
  const account = { name, email: `${name}@example.org`, password: 'a long password' }
  const session = await call<{ token: string }>('/api/auth/sign-up/email', { method: 'POST', body: account })
  expect(session.status).toBe(200)
  return (await call<{ token: string }>('/api/auth/token', { token: session.body.token })).body.token
}

const soon = (ms: number) => new Date(Date.now() + ms).toISOString()

type Notification = {
  id: string
  task_id: string
  title: string
  late_seconds: number
  deliveries: { channel: string; state: string }[]
}
const notifications = async (token: string, query = '') =>
  (await call<{ items: Notification[]; total: number }>(`/api/notifications${query}`, { token })).body

beforeAll(async () => {
  temporary = await temporaryDirectory()
  directory = temporary.path
  port = await freePort()
  system = await start()
})

afterAll(async () => {
  await end(system, 'SIGTERM')
  await temporary.remove()
})

describe('a new user', () => {
  test('is notified of a task at its due instant, in the app and by mail, once', async () => {
    const token = await newUser('ada')
    const due_date = soon(1_500)
    const task = await call<{ id: string; notified: boolean }>('/api/tasks', {
      method: 'POST',
      token,
      body: { title: 'Tea', due_date },
    })
    expect(task.status).toBe(201)
    await until(async () => (await notifications(token)).total === 1)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(due_date))
    await until(async () =>
      (await notifications(token)).items[0]!.deliveries.every(({ state }) => state === 'sent'),
    )
    const [notification] = (await notifications(token)).items
    expect(notification).toMatchObject({ task_id: task.body.id, title: 'Tea', late_seconds: 0 })
    expect(notification!.deliveries.map(({ channel }) => channel).toSorted()).toEqual(['email', 'in_app'])
    const mails = await readdir(join(directory, 'mail'))
    const mail = await readFile(join(directory, 'mail', mails[0]!), 'utf8')
    expect(mails).toHaveLength(1)
    expect(mail).toContain('To: ada@example.org')
    expect((await call<{ notified: boolean }>(`/api/tasks/${task.body.id}`, { token })).body.notified).toBe(
      true,
    )
  })

  test('sees the weekly series of the seed with its next date, completes, reopens, deletes, and reads why', async () => {
    const token = await newUser('grace')
    const body = {
      title: 'Weekly Team Meeting',
      recurrence_type: 'weekly',
      start_date: '2035-01-01T09:00:00Z',
      end_date: '2035-12-31T09:00:00Z',
    }
    const series = await call<{ id: string; next_due_at: string }>('/api/recurring-tasks', {
      method: 'POST',
      token,
      body,
    })
    expect(series).toMatchObject({ status: 201, body: { next_due_at: '2035-01-08T09:00:00Z' } })
    const { items } = (
      await call<{ items: { id: string }[] }>(`/api/tasks?recurring_task_id=${series.body.id}`, { token })
    ).body
    const path = `/api/tasks/${items[0]!.id}`
    expect((await call(`${path}/complete`, { method: 'POST', token, body: {} })).body).toMatchObject({
      status: 'done',
    })
    expect((await call(`${path}/reopen`, { method: 'POST', token, body: {} })).body).toMatchObject({
      status: 'open',
    })
    const history = await call<{ items: { type: string; cause: { by: string } }[] }>(`${path}/history`, {
      token,
    })
    expect(history.body.items.map(({ type }) => type)).toEqual([
      'task.reopened',
      'task.completed',
      'task.created',
    ])
    expect(history.body.items[0]!.cause.by).toBe('user')
    expect((await call(path, { method: 'DELETE', token })).status).toBe(204)
    expect((await call(path, { token })).status).toBe(404)
  })

  test('cannot reach a delivery or a tick from outside', async () => {
    for (const path of ['/events/notification-plan', '/schedules/due-scan']) {
      expect((await call(path, { method: 'POST', body: {} })).status).toBe(404)
    }
  })
})

describe('a second start on the same data', () => {
  test('says who runs already, and leaves it alone', async () => {
    await expect(start()).rejects.toThrow(/runs already .* process \d+/s)
    expect((await call('/healthz')).status).toBe(200)
  })
})

describe('kill -9', () => {
  test('loses no acknowledged task, and doubles no effect and no notification', async () => {
    const token = await newUser('kill')
    const acknowledged: string[] = []
    const rounds = 3
    const perRound = 70
    for (let round = 0; round < rounds; round++) {
      const running = creates(token, perRound, `round ${round}`, acknowledged)
      await sleep(150 + Math.random() * 700)
      await end(system, 'SIGKILL')
      await running
      system = await start()
    }
    await creates(token, 10, 'after', acknowledged)
    expect(acknowledged.length).toBeGreaterThan(10)

    const { database_url } = JSON.parse(await readFile(join(directory, 'running.json'), 'utf8')) as {
      database_url: string
    }
    const sql = postgres(database_url, { max: 1 })
    const stored = async () =>
      await sql<{ id: string; notified: number; created: number }[]>`
      select
        tasks.id,
        (select count(*)::int from notifications where notifications.task_id = tasks.id) as notified,
        (select count(*)::int
          from task_event_log as logged
          join inbox on inbox.event_id = logged.id and inbox.consumer = 'task-statistics'
          where logged.task_id = tasks.id and logged.event_type = 'task.created') as created
      from tasks
      join users on users.id = tasks.user_id
      where users.email = 'kill@example.org'`
    await until(
      async () => (await stored()).every(({ notified, created }) => notified > 0 && created > 0),
      30_000,
    )
    const rows = await stored()
    const ids = new Set(rows.map(({ id }) => id))
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
    expect(rows.filter(({ notified, created }) => notified !== 1 || created !== 1)).toEqual([])
    const me = await call<{ statistics: { created: number } }>('/api/me', { token })
    expect(me.body.statistics.created).toBe(rows.length)
    await sql.end()
  })
})

/** Creates tasks that are due almost at once, until the server is gone; notes what it acknowledged. */
async function creates(token: string, count: number, title: string, acknowledged: string[]): Promise<void> {
  for (let index = 0; index < count; index++) {
    try {
      const body = { title: `${title} ${index}`, due_date: soon(Math.random() * 500) }
      const reply = await call<{ id: string }>('/api/tasks', { method: 'POST', token, body })
      if (reply.status === 201) acknowledged.push(reply.body.id)
    } catch {
      return
    }
  }
}

describe('SIGTERM', () => {
  test('drains: what was accepted is there after the next start', async () => {
    const token = await newUser('drain')
    const acknowledged: string[] = []
    const running = creates(token, 500, 'drain', acknowledged)
    await sleep(300)
    expect(await end(system, 'SIGTERM')).toBe(0)
    await running
    system = await start()
    expect(acknowledged.length).toBeGreaterThan(0)
    const { total } = (await call<{ total: number }>('/api/tasks', { token })).body
    expect(total).toBeGreaterThanOrEqual(acknowledged.length)
    for (const id of acknowledged) expect((await call(`/api/tasks/${id}`, { token })).status).toBe(200)
  })
})

describe('Ctrl-C', () => {
  test('that comes twice, as npm sends it on, stops it once, and leaves nothing behind', async () => {
    const exited = new Promise((resolve) => system.process.once('exit', resolve))
    system.process.kill('SIGINT')
    await until(() => system.output().includes('Stopping'))
    system.process.kill('SIGINT')
    expect(await exited).toBe(0)
    expect(await leftBehind()).toEqual([])
    system = await start()
  })
})

describe('a request that outlasts the drain', () => {
  test('is cut off, and nothing is left behind', async () => {
    await end(system, 'SIGTERM')
    system = await start({ DRAIN_TIMEOUT_MS: '300' })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      'POST /api/auth/sign-up/email HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    )
    await sleep(200)
    expect(await end(system, 'SIGTERM')).toBe(1)
    expect(system.output()).toContain('cut off')
    expect(await leftBehind()).toEqual([])
    socket.destroy()
    system = await start()
  })
})

describe('a start', () => {
  let elsewhere: TemporaryDirectory
  beforeAll(async () => void (elsewhere = await temporaryDirectory()))
  afterAll(() => elsewhere.remove())
  const postmaster = () => join(elsewhere.path, 'postgres/data/postmaster.pid')

  test('that is stopped in its midst leaves nothing behind', async () => {
    const starting = launch({ DATA_DIR: elsewhere.path })
    await until(() => existsSync(postmaster()))
    expect(await end(starting, 'SIGTERM')).toBe(0)
    expect(starting.output()).not.toContain('runs at')
    expect(await leftBehind(elsewhere.path)).toEqual([])
  })

  test('that fails leaves nothing behind, and says why', async () => {
    const server = await startPostgres(join(elsewhere.path, 'postgres'))
    const sql = postgres(server.url('postgres'), { max: 1, onnotice: () => {} })
    await sql`create table if not exists schema_migrations (name text primary key, checksum text, applied_at timestamptz default now())`
    await sql`
      insert into schema_migrations (name, checksum) values ('0001_foundation.sql', 'of another file')
      on conflict (name) do update set checksum = excluded.checksum`
    await sql.end()
    await server.stop()
    await expect(start({ DATA_DIR: elsewhere.path })).rejects.toThrow(
      /ended with 1: .*Cannot start: .*changed/s,
    )
    expect(await leftBehind(elsewhere.path)).toEqual([])
  })
})

/** Files that say of a process that it runs: the owner's and the database's. */
async function leftBehind(path = directory): Promise<string[]> {
  const files = await readdir(path, { recursive: true })
  return files.filter((file) => /(^|\/)(running\.json|postmaster\.pid)$/.test(file))
}
