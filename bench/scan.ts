/** What a round of the recurrence scan costs among a million series, against a round among a thousand. */
import { announceOccurrences } from '../functions/schedules/recurrence-scan/announce.ts'
import { closeDatabase, sql } from '../shared/data/sql.ts'
import { configure } from '../shared/runtime/config.ts'
import { inContext } from '../shared/testing/context.ts'
import { median, print } from './report.ts'
import { startDatabase, type Bench } from './server.ts'

const sizes = { small: 1_000, large: 1_000_000 }
const rounds = 12
const idleScans = 200
const dueScans = 10
const warmUps = 2
/** A batch of the scan. */
const dueRows = 100

/** Both databases take turns; each goes first as often as the other. */
export async function scan(): Promise<void> {
  const small = await startDatabase()
  const large = await startDatabase()
  try {
    await seed(small, sizes.small)
    await seed(large, sizes.large)
    const times = { idle: [] as Pair[], due: [] as Pair[] }
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? [small, large] : [large, small]
      const measured = new Map<Bench, Times>()
      for (const bench of order) measured.set(bench, await measure(bench))
      const [of1k, of1M] = [measured.get(small)!, measured.get(large)!]
      times.idle.push([of1k.idleMs, of1M.idleMs])
      times.due.push([of1k.dueMs, of1M.dueMs])
    }
    report('idle', times.idle, 1.2)
    report('per due row', times.due, 2)
  } finally {
    await closeDatabase()
    await small.stop()
    await large.stop()
  }
}

type Pair = [of1k: number, of1M: number]
type Times = { idleMs: number; dueMs: number }

function report(what: string, pairs: Pair[], goal: number): void {
  const [of1k, of1M] = [0, 1].map((index) => median(pairs.map((pair) => pair[index]!)).toFixed(3))
  print({
    name: 'scan',
    what: `${what}, 1M series (${of1M} ms) / 1k (${of1k} ms)`,
    value: median(pairs.map(([small, large]) => large / small)),
    unit: 'x',
    goal,
    better: 'lower',
  })
}

function connect({ url }: Bench): Promise<void> {
  configure({ DATABASE_URL: url, DATABASE_POOL_SIZE: '2', DATABASE_STATEMENT_TIMEOUT_MS: '600000' })
  return closeDatabase()
}

/** Daily series at the present minute, settled through today, each with its open task. */
async function seed(bench: Bench, count: number): Promise<void> {
  await connect(bench)
  const connection = await sql.reserve()
  // Foreign keys are not checked row by row: it only saves time.
  await connection`set session_replication_role = replica`
  await connection`
    insert into users (id, name, email)
    select ${userId('n')}, 'Bench', n || '@example.org'
    from generate_series(0, 999) as n`
  await connection`
    insert into recurring_tasks (
      user_id, title, recurrence_type, start_date, settled_through, next_occurrence, next_due_at, next_created_at
    )
    select
      ${userId('n % 1000')}, 'Stand-up', 'daily', ${key('-30 days')} || 'Z', ${key('0')}, ${key('1 day')},
      ${key('1 day')}::timestamptz, ${key('1 day')}::timestamptz + random() * interval '1 hour'
    from generate_series(1, ${count}) as n`
  await connection`
    insert into tasks (user_id, title, due_date, due_at, recurring_task_id, occurrence)
    select user_id, title, settled_through || 'Z', settled_through::timestamptz, id, settled_through
    from recurring_tasks`
  await connection`vacuum analyze`
  connection.release()
}

const userId = (n: string) => sql.unsafe(`('00000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`)

/** The key of the occurrence that is `offset` from today's, which was at the minute at which the bench began. */
const minute = new Date(Date.now() - 60_000).toISOString().slice(0, 16)
const key = (offset: string) =>
  sql.unsafe(`to_char('${minute}'::timestamp + interval '${offset}', 'YYYY-MM-DD"T"HH24:MI:SS')`)

async function measure(bench: Bench): Promise<Times> {
  await connect(bench)
  const drawn = await sql<{ id: string }[]>`
    select id
    from recurring_tasks
    order by random()
    limit ${dueRows * (dueScans + warmUps)}`
  const batch = (index: number) =>
    Array.from({ length: dueRows }, (_, row) => drawn[(index * dueRows + row) % drawn.length]!.id)
  // Connections, plans and caches as they are while it runs.
  for (let warmUp = 0; warmUp < 50; warmUp++) await timeOf(false)
  const idle: number[] = []
  for (let index = 0; index < idleScans; index++) idle.push(await timeOf(false))
  const due: number[] = []
  for (let index = 0; index < dueScans + warmUps; index++) {
    await makeDue(batch(index))
    due.push(await timeOf(true))
  }
  return { idleMs: median(idle), dueMs: median(due.slice(warmUps)) / dueRows }
}

/** Of one round, which must find a whole batch, or nothing. */
async function timeOf(isDue: boolean): Promise<number> {
  const start = performance.now()
  const sleepMs = await inContext(announceOccurrences)
  const time = performance.now() - start
  if ((sleepMs === 0) !== isDue) throw new Error(`The scan would sleep ${sleepMs} ms.`)
  return time
}

/** Today's occurrence is to be announced. */
async function makeDue(ids: string[]): Promise<void> {
  await sql`
    update recurring_tasks
    set
      settled_through = ${key('-1 day')}, next_occurrence = ${key('0')}, next_due_at = ${key('0')}::timestamptz,
      next_created_at = ${key('0')}::timestamptz
    where id = any(${ids})`
}
