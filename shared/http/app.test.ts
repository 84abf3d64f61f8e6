import { describe, expect, test } from 'vitest'
import { Problem } from '../contract/problem.ts'
import { latestMigration } from '../data/schema.ts'
import { sql } from '../data/sql.ts'
import { context } from '../runtime/context.ts'
import { useDatabase } from '../testing/database.ts'
import { problemOf } from '../testing/reply.ts'
import { createApp } from './app.ts'

useDatabase()

const app = createApp()
  .get('/refuses', () => {
    throw new Problem('conflict', 'Not now.', { headers: { 'retry-after': '3' } })
  })
  .get('/breaks', () => {
    throw new Error('a secret: postgres://user:password@host')
  })
  .get('/statement', async (c) => c.json(await sql`select nothing`))
  .get('/trace', (c) => c.json({ traceparent: context()!.traceparent, requestId: context()!.requestId }))

describe('an error', () => {
  test('that was meant is answered with its code, detail and headers', async () => {
    const reply = await app.request('/refuses')
    expect(reply.status).toBe(409)
    expect(reply.headers.get('retry-after')).toBe('3')
    expect(await problemOf(reply)).toMatchObject({
      code: 'conflict',
      detail: 'Not now.',
      type: 'urn:todo:problem:conflict',
    })
  })

  test.each(['/breaks', '/statement'])('that was not meant never shows what it says: %s', async (path) => {
    const reply = await app.request(path)
    expect(reply.status).toBe(500)
    const problem = await problemOf(reply)
    expect(problem.code).toBe('internal')
    expect(JSON.stringify(problem)).not.toMatch(/secret|password|nothing|column/)
  })

  test('of an unknown path is a problem too', async () => {
    const reply = await app.request('/nowhere')
    expect(reply.status).toBe(404)
    expect((await problemOf(reply)).code).toBe('not_found')
  })
})

describe('a request', () => {
  test('gets an id, and keeps its own when it is harmless', async () => {
    const own = await app.request('/trace', { headers: { 'x-request-id': 'abc-1' } })
    expect(own.headers.get('x-request-id')).toBe('abc-1')
    const odd = await app.request('/trace', { headers: { 'x-request-id': 'a b\t{}' } })
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await odd.json()).toMatchObject({ requestId: odd.headers.get('x-request-id') })
  })

  test('goes on with the trace it came with, as a new span; a malformed one starts a trace', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c'
    const traceOf = async (traceparent: string) =>
      ((await (await app.request('/trace', { headers: { traceparent } })).json()) as { traceparent: string })
        .traceparent
    expect(await traceOf(`00-${trace}-b7ad6b7169203331-01`)).toMatch(
      new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    )
    for (const bad of [
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      'nonsense',
      `ff-${trace}-b7ad6b7169203331-01`,
    ]) {
      expect(await traceOf(bad)).not.toContain(trace)
    }
  })
})

describe('health', () => {
  test('is alive, and ready while the database answers', async () => {
    expect((await app.request('/healthz')).status).toBe(200)
    expect((await app.request('/readyz')).status).toBe(200)
  })

  test('is not ready before the migration that the function needs', async () => {
    await sql`update schema_migrations set name = 'later' where name = ${latestMigration}`
    const reply = await app.request('/readyz')
    await sql`update schema_migrations set name = ${latestMigration} where name = 'later'`
    expect(reply.status).toBe(503)
    expect(((await reply.json()) as { reason: string }).reason).toBe(`The database lacks ${latestMigration}.`)
  })

  test('is not ready on a database that was never migrated', async () => {
    await sql`alter table schema_migrations rename to hidden`
    const { status } = await app.request('/readyz')
    await sql`alter table hidden rename to schema_migrations`
    expect(status).toBe(503)
  })

  test('counts requests by route pattern, never by path', async () => {
    await app.request('/trace')
    const text = await (await app.request('/metrics')).text()
    expect(text).toMatch(
      /todo_http_request_duration_seconds_count\{[^}]*route="\/trace"[^}]*status="200"[^}]*\} [1-9]/,
    )
  })
})
