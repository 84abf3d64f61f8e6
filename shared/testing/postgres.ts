/** One Postgres for a test run, with a migrated template that each test file clones (Vitest's global set-up). */
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../local/postgres.ts'
import { migrate } from '../data/migrate.ts'
import { temporaryDirectory } from './directory.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string of the server's maintenance database. */
    serverUrl: string
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const directory = await temporaryDirectory()
  // Durability is the subject of tests that start a server of their own; here it would only cost time.
  const server = await startPostgres(join(directory.path, 'postgres'), {
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  const sql = postgres(server.url('postgres'), { max: 1 })
  await sql`create database todo_template`
  await sql.end()
  process.env['LOG_LEVEL'] ??= 'error'
  await migrate(server.url('todo_template'))
  project.provide('serverUrl', server.url('postgres'))
  return async () => {
    await server.stop()
    await directory.remove()
  }
}
