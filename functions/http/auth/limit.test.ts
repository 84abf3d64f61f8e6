import { beforeAll, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { configure } from '../../../shared/runtime/config.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { until } from '../../../shared/testing/until.ts'
import app from './handler.ts'

useDatabase()
beforeAll(() => configure({ SIGN_IN_RATE_LIMIT: '1' }))

const guess = async () => {
  const body = JSON.stringify({ email: 'ada@example.org', password: 'guess' })
  const headers = { 'content-type': 'application/json' }
  return app.request('/api/auth/sign-in/email', { method: 'POST', headers, body }, { address: '203.0.113.1' })
}

test('a try that waited for one that began later is told a minute at most', async () => {
  expect((await guess()).status).toBe(401)
  let waiting: ReturnType<typeof guess> | undefined
  await sql.begin(async (transaction) => {
    expect(await transaction`select from rate_limits for update`).toHaveLength(1)
    waiting = guess()
    await until(async () => (await sql`select from pg_locks where not granted`).length > 0)
    // As the later one leaves it behind when it begins the minute anew.
    await transaction`update rate_limits set ends_at = clock_timestamp() + interval '1 minute'`
  })
  const refused = await waiting!
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('60')
})
