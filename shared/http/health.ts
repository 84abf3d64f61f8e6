/** Health of one function: alive, ready, and what it counts. */
import { Hono } from 'hono'
import { latestMigration } from '../data/schema.ts'
import { sql } from '../data/sql.ts'
import { errorFields, log } from '../runtime/log.ts'
import { metricsText } from '../runtime/metrics.ts'
import type { Env } from './env.ts'

const probeTimeoutMs = 2_000

/**
 * `/healthz` answers while the process lives. `/readyz` asks the database whether it is there and migrated, and says in the
 * log why it is not ready. `/metrics` is the Prometheus text format.
 */
export const health = new Hono<Env>()
  .get('/healthz', (c) => c.json({ status: 'ok' }))
  .get('/readyz', async (c) => {
    try {
      if (await Promise.race([isMigrated(), timeout()])) return c.json({ status: 'ready' })
      log.warn('not ready', { function: c.env?.functionName, missing_migration: latestMigration })
      return c.json({ status: 'not_ready', reason: `The database lacks ${latestMigration}.` }, 503)
    } catch (error) {
      log.warn('not ready', { function: c.env?.functionName, ...errorFields(error) })
      return c.json({ status: 'not_ready', reason: 'The database does not answer.' }, 503)
    }
  })
  .get('/metrics', async (c) => {
    const { contentType, text } = await metricsText()
    return c.body(text, 200, { 'content-type': contentType })
  })

/** Also false on a database that was never migrated, and so has no table of migrations. */
async function isMigrated(): Promise<boolean> {
  try {
    const [{ migrated }] = await sql<[{ migrated: boolean }]>`
      select exists (select from schema_migrations where name = ${latestMigration}) as migrated`
    return migrated
  } catch (error) {
    if ((error as { code?: string }).code === '42P01') return false
    throw error
  }
}

const timeout = () =>
  new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error('database: no answer in time')), probeTimeoutMs).unref(),
  )
