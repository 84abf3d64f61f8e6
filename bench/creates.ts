/**
 * Tasks created per second over HTTP, against pgbench running the very same statement. As many callers as pgbench has clients;
 * the function as it is deployed: with its own default of connections, on which their statements follow each other without a
 * pause, and with its log.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { closeDatabase, sql } from '../shared/data/sql.ts'
import { until } from '../shared/testing/until.ts'
import { signIn, type TestUser } from '../shared/testing/user.ts'
import createTask from '../functions/http/task-create/handler.ts'
import { median, print } from './report.ts'
import { startDatabase, startFunction } from './server.ts'

const run = promisify(execFile)

const connections = 16
/** Short, so that both of a round find the machine in the same mood. */
const seconds = 2
const rounds = 15

const body = JSON.stringify({
  title: 'Pay rent',
  description: 'to the landlord',
  due_date: '2199-01-15T17:00:00Z',
})

export async function creates(): Promise<void> {
  const bench = await startDatabase()
  try {
    const user = await signIn()
    const statement = await capture(user, bench.url)
    await closeDatabase()
    // Empty settings are those of a deployment; the benchmark's own are others.
    const deployed = { DATABASE_POOL_SIZE: '', LOG_LEVEL: '' }
    const { url, process: child } = await startFunction('task-create', deployed)
    await load(url, user, 2)
    const ratios: number[] = []
    const rates: number[] = []
    const references: number[] = []
    for (let round = 0; round < rounds; round++) {
      // The table grows: each of the two goes first as often as the other.
      const early = round % 2 === 0 ? await load(url, user, seconds) : undefined
      const reference = await pgbench(bench.url, statement)
      const rate = early ?? (await load(url, user, seconds))
      references.push(reference)
      rates.push(rate)
      ratios.push(rate / reference)
    }
    child.kill()
    const what = `creates/s over HTTP (${median(rates).toFixed(0)}) / pgbench (${median(references).toFixed(0)})`
    print({ name: 'creates', what, value: median(ratios), unit: 'x', goal: 0.6, better: 'higher' })
  } finally {
    await closeDatabase()
    await bench.stop()
  }
}

/**
 * What the function sends to Postgres, as pgbench reads it. A lock makes the statement wait, and while it waits the server
 * shows its text; parameters follow by position.
 */
export async function capture(
  user: TestUser,
  databaseUrl: string,
): Promise<{ text: string; parameters: string[] }> {
  const onlooker = postgres(databaseUrl, { max: 2 })
  let query: string | undefined
  let answer: Response | Promise<Response> | undefined
  await onlooker.begin(async (tx) => {
    await tx`lock table tasks in share mode`
    const reply = createTask.request('/api/tasks', { method: 'POST', headers: user.headers, body })
    await until(async () => {
      const [row] = await onlooker<{ query: string }[]>`
        select query
        from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%insert into tasks%'`
      return Boolean((query = row?.query))
    })
    answer = reply
  })
  await onlooker.end()
  if ((await answer)?.status !== 201) throw new Error('task-create did not answer 201.')
  const [logged] = await sql<
    { cause: object; traceparent: string }[]
  >`select cause, traceparent from task_event_log limit 1`
  const instant = '2199-01-15T17:00:00Z'
  const parameters = [
    user.id,
    'Pay rent',
    'to the landlord',
    '2',
    '{}',
    instant,
    instant,
    '{PT0S}',
    '{PT0S}',
    `{${instant}}`,
    instant,
    JSON.stringify(logged!.cause),
    logged!.traceparent,
  ]
  const count = new Set(query!.match(/\$\d+/g)).size
  if (count !== parameters.length)
    throw new Error(`task-create sends ${count} parameters: adapt bench/creates.ts.`)
  return { text: query!, parameters }
}

/** Transactions per second of pgbench with the same number of connections and prepared statements. */
export async function pgbench(
  url: string,
  { text, parameters }: { text: string; parameters: string[] },
  forSeconds = seconds,
): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'todo-pgbench-'))
  const file = join(directory, 'create.sql')
  await writeFile(file, `${text.replaceAll(/\$(\d+)/g, ':p$1').replaceAll(/\s+/g, ' ')};\n`)
  const defined = parameters.flatMap((value, index) => ['-D', `p${index + 1}=${value}`])
  const fixed = [
    '-n',
    '-M',
    'prepared',
    '-j',
    '2',
    '-c',
    String(connections),
    '-T',
    String(forSeconds),
    '-f',
    file,
  ]
  // Not `spawnSync`: other work of this process goes on meanwhile.
  const { stdout } = await run(process.env['PGBENCH'] ?? 'pgbench', [...fixed, ...defined, url])
  await rm(directory, { recursive: true })
  const tps = /tps = ([\d.]+)/.exec(stdout)?.[1]
  if (!tps) throw new Error(`pgbench: ${stdout}`)
  return Number(tps)
}

/**
 * Requests answered per second by as many callers as pgbench has clients, each on its own connection. Bare sockets: the
 * generator shares the machine with what it measures.
 */
async function load(url: string, user: TestUser, forSeconds: number): Promise<number> {
  const { hostname, port } = new URL(url)
  const headers = { host: hostname, ...user.headers, 'content-length': Buffer.byteLength(body) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const message = Buffer.from(`POST /api/tasks HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  const until = performance.now() + forSeconds * 1000
  const counts = Array.from({ length: connections }, () => caller(Number(port), hostname, message, until))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0) / forSeconds
}

/** Sends, waits for the whole reply, sends again. Resolves to the number of replies. */
function caller(port: number, hostname: string, message: Buffer, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let answered = 0
    let received = ''
    const socket = connect(port, hostname, () => socket.write(message))
    socket.setEncoding('latin1')
    socket.once('error', reject)
    socket.on('data', (chunk: string) => {
      received += chunk
      const headersEnd = received.indexOf('\r\n\r\n')
      if (headersEnd < 0) return
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1])
      if (received.length < headersEnd + 4 + length) return
      if (!received.startsWith('HTTP/1.1 201')) return reject(new Error(received.slice(0, 200)))
      answered++
      received = ''
      if (performance.now() < until) return socket.write(message)
      socket.end()
      resolve(answered)
    })
  })
}
