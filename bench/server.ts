/** A durable embedded Postgres, migrated, and processes of bundled functions against it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { freePort, startPostgres, type EmbeddedPostgres } from '../local/postgres.ts'
import { migrate } from '../shared/data/migrate.ts'
import { closeDatabase } from '../shared/data/sql.ts'
import { configure } from '../shared/runtime/config.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'

export const appToken = 'bench-app-token'

export type Bench = { server: EmbeddedPostgres; url: string; stop(): Promise<void> }

/** Starts a database of its own for one benchmark. */
export async function startDatabase(): Promise<Bench> {
  const directory = await temporaryDirectory()
  const server = await startPostgres(join(directory.path, 'postgres'), {
    settings: {
      shared_buffers: '512MB',
      max_wal_size: '4GB',
      track_activity_query_size: '32768',
      max_connections: '100',
    },
  })
  const url = server.url('postgres')
  // A wake-up may have opened connections to the database of the benchmark before.
  await closeDatabase()
  configure({
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: '16',
    APP_API_TOKEN: appToken,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    LOG_LEVEL: 'error',
  })
  await migrate(url)
  return {
    server,
    url,
    stop: async () => {
      await server.stop()
      await directory.remove()
    },
  }
}

/** Starts a bundled function and resolves when it answers. */
export async function startFunction(
  name: string,
  env: Record<string, string> = {},
): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort()
  const child = spawn(process.execPath, [`dist/${name}/main.cjs`], {
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  while (
    !(await fetch(`${url}/healthz`).then(
      (reply) => reply.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended with ${child.exitCode}. Run \`npm run build\` first.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { url, process: child }
}
