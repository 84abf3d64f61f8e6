import { beforeAll, describe, expect, test } from 'vitest'
import type { Hono } from 'hono'
import { useDatabase } from '../shared/testing/database.ts'
import { signIn, type TestUser } from '../shared/testing/user.ts'
import { configure } from '../shared/runtime/config.ts'
import type { Env } from '../shared/http/env.ts'
import { createGateway, loadFunctions } from './host.ts'

useDatabase()

const app = 'https://app.example.org'
const foreign = 'https://evil.example.com'

let gateway: Hono<Env>
let user: TestUser
beforeAll(async () => {
  configure({ AUTH_TRUSTED_ORIGINS: `${app}, https://two.example.org` })
  gateway = createGateway(await loadFunctions())
  user = await signIn()
})

const preflight = (origin: string, path: string, method: string, headers: string) =>
  gateway.request(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': headers,
    },
  })

const create = (headers: Record<string, string>) =>
  gateway.request('/api/tasks', {
    method: 'POST',
    headers: { ...user.headers, ...headers },
    body: '{"title":"Tea"}',
  })

const allowed = (reply: Response, kind: 'methods' | 'headers') =>
  reply.headers.get(`access-control-allow-${kind}`)?.toLowerCase().split(/,\s*/)

describe('a page of a trusted origin', () => {
  test.each([app, 'https://two.example.org'])('%s may send what the app sends', async (origin) => {
    const reply = await preflight(origin, '/api/tasks/1', 'PATCH', 'authorization, content-type, if-match')
    expect(reply.ok).toBe(true)
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
    expect(reply.headers.get('access-control-allow-credentials')).toBe('true')
    expect(allowed(reply, 'methods')).toEqual(['get', 'post', 'put', 'patch', 'delete'])
    expect(allowed(reply, 'headers')).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'if-match', 'idempotency-key']),
    )
  })

  test('reads the reply and its headers', async () => {
    const reply = await create({ origin: app })
    expect(reply.status).toBe(201)
    expect(reply.headers.get('access-control-allow-origin')).toBe(app)
    expect(reply.headers.get('access-control-expose-headers')).toContain('etag')
    expect(reply.headers.get('vary')?.toLowerCase()).toContain('origin')
    expect(await reply.json()).toMatchObject({ title: 'Tea' })
  })

  test.each([
    ['a function', '/api/tasks', 401],
    ['nobody', '/api/nothing', 404],
  ])('reads a refusal of %s', async (_, path, status) => {
    const reply = await gateway.request(path, { headers: { origin: app } })
    expect(reply.status).toBe(status)
    expect(reply.headers.get('access-control-allow-origin')).toBe(app)
  })
})

describe('a page of another origin', () => {
  test('is not told that it may', async () => {
    const reply = await preflight(foreign, '/api/tasks', 'POST', 'authorization')
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('reads nothing', async () => {
    expect((await create({ origin: foreign })).headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('a request that names no origin is answered as ever', async () => {
  const names = [...(await create({})).headers.keys()]
  expect(names.filter((name) => name.startsWith('access-control-') || name === 'vary')).toEqual([])
})
