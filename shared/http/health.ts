/** Health of one function: alive, ready, and what it counts. */
import { Hono } from 'hono'
import { sql } from '../data/sql.ts'
import { errorFields, log } from '../runtime/log.ts'
import { metricsText } from '../runtime/metrics.ts'
import type { Env } from './env.ts'

const probeTimeoutMs = 2_000

/**
 * `/healthz` answers while the process lives. `/readyz` asks the database, and says in the log why it is not ready.
 * `/metrics` is the Prometheus text format.
 */
export const health = new Hono<Env>()
  .get('/healthz', (c) => c.json({ status: 'ok' }))
  .get('/readyz', async (c) => {
    try {
      await Promise.race([sql`select 1`, timeout()])
      return c.json({ status: 'ready' })
    } catch (error) {
      log.warn('not ready', { function: c.env?.functionName, ...errorFields(error) })
      return c.json({ status: 'not_ready', reason: 'The database does not answer.' }, 503)
    }
  })
  .get('/metrics', async (c) => {
    const { contentType, text } = await metricsText()
    return c.body(text, 200, { 'content-type': contentType })
  })

const timeout = () =>
  new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error('database: no answer in time')), probeTimeoutMs).unref(),
  )
