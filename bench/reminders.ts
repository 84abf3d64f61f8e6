/** Reminders from their due instant to their handler, in the one-process mode, on a durable Postgres. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startSystem } from '../local/system.ts'
import { sql } from '../shared/data/sql.ts'
import { configure } from '../shared/runtime/config.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'
import { signIn } from '../shared/testing/user.ts'
import { print, quantile } from './report.ts'
import { startDatabase } from './server.ts'

const futureReminders = 1_000_000
const dueReminders = 1_000
const burstReminders = 100_000

/** 1,000 reminders at random instants of ten seconds, while a million others wait in the same table. */
export async function due(): Promise<void> {
  await withSystem(async (userId) => {
    await plan(userId, futureReminders, "interval '30 days' + random() * interval '300 days'")
    await sql`analyze reminders`
    await plan(userId, dueReminders, "interval '2 seconds' + random() * interval '10 seconds'")
    await handledAll(dueReminders)
    const lateMs = await lateness()
    const early = lateMs.filter((ms) => ms < 0).length
    const what = `due to handler p99, ${dueReminders} in 10 s, p50 ${quantile(lateMs, 0.5).toFixed(1)} ms, early ${early}`
    print({ name: 'due', what, value: quantile(lateMs, 0.99), unit: 'ms', goal: 50, better: 'lower' })
    if (early > 0) throw new Error(`${early} reminders were handled before they were due.`)
  })
}

/** 100,000 reminders at one instant. */
export async function burst(): Promise<void> {
  await withSystem(async (userId) => {
    await plan(userId, burstReminders, "interval '20 seconds'")
    await handledAll(burstReminders)
    const lateMs = await lateness()
    const what = `${burstReminders} due at one instant, all handled`
    print({ name: 'burst', what, value: quantile(lateMs, 1) / 1000, unit: 's', goal: 20, better: 'lower' })
  })
}

async function withSystem(work: (userId: string) => Promise<void>): Promise<void> {
  const bench = await startDatabase()
  const directory = await temporaryDirectory()
  configure({
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_POOL_SIZE: '20',
    DATABASE_STATEMENT_TIMEOUT_MS: '600000',
  })
  const system = await startSystem(directory.path)
  try {
    const { id } = await signIn()
    await sql`update preferences set channels = '{in_app}' where user_id = ${id}`
    await work(id)
  } finally {
    await system.stop()
    await bench.stop()
    await directory.remove()
  }
}

/** Plans `count` reminders, each of a task of its own up to 100,000 tasks, at `now() + offset` (an SQL expression). */
export async function plan(userId: string, count: number, offset: string): Promise<void> {
  await sql`
    with task as (
      insert into tasks (user_id, title)
      select ${userId}, 'bench'
      from generate_series(1, ${Math.min(count, 100_000)})
      returning id
    ),
    numbered as (select id, row_number() over () as number from task)
    insert into reminders (task_id, user_id, remind_at)
    select numbered.id, ${userId}, statement_timestamp() + ${sql.unsafe(offset)}
    from generate_series(1, ${count}) as position
    join numbered on numbered.number = 1 + position % ${Math.min(count, 100_000)}`
}

/** Looks seldom enough not to be part of the load. */
async function handledAll(count: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ count: number }[]>`select count(*) from notifications`
    if (row!.count >= count) return
    await sleep(500)
  }
}

/** How late the handler began with each, in milliseconds. */
async function lateness(): Promise<number[]> {
  const rows = await sql<{ late_ms: number }[]>`
    select (extract(epoch from created_at - remind_at) * 1000)::float8 as late_ms
    from notifications`
  return rows.map(({ late_ms }) => late_ms)
}
