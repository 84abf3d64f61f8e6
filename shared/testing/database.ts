/** A database of its own for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, inject } from 'vitest'
import { closeDatabase, sql } from '../data/sql.ts'
import { configure } from '../runtime/config.ts'
import { drain } from '../runtime/drain.ts'

/** The token that stands for the sidecar in tests. */
export const appToken = 'test-app-token'

/** Call it once at the top of a test file: makes the database before its tests and drops it afterwards. */
export function useDatabase(): void {
  const name = `todo_${randomBytes(6).toString('hex')}`
  const server = () => postgres(inject('serverUrl'), { max: 1, onnotice: () => {} })

  beforeAll(async () => {
    const admin = server()
    await admin`create database ${admin(name)} template todo_template`
    await admin.end()
    configure({
      DATABASE_URL: inject('serverUrl').replace(/\/postgres$/, `/${name}`),
      APP_API_TOKEN: appToken,
      AUTH_SECRET: 'a secret for tests only, 32 characters',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
    })
  })

  afterAll(async () => {
    await drain()
    await closeDatabase()
    const admin = server()
    await admin`drop database if exists ${admin(name)} with (force)`
    await admin.end()
  })
}

/** Moves the clock of this database: everything durable happens `offset` later (`3 days`), from the next connection on. */
export async function travel(offset: string): Promise<void> {
  const [row] = await sql<{ name: string }[]>`select current_database() as name`
  await sql.unsafe(`alter database ${row!.name} set todo.clock_offset = '${offset}'`)
  await closeDatabase()
}

/** Moves the clock to an instant (`2027-01-31T09:00:00Z`); from there it runs on. */
export async function travelTo(instant: string): Promise<void> {
  await travel(`${(Date.parse(instant) - Date.now()) / 1000} seconds`)
}

/** How many statements on this database wait for a lock. */
export async function waitingForLock(): Promise<number> {
  const [row] = await sql<[{ waiting: number }]>`
    select count(*) as waiting
    from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return row.waiting
}
