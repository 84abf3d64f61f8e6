import { createServer, type Server } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sql } from '../data/sql.ts'
import { configure } from '../runtime/config.ts'
import { useDatabase } from '../testing/database.ts'
import { problemOf } from '../testing/reply.ts'
import { signIn } from '../testing/user.ts'
import { createApp } from './app.ts'
import { requireUser } from './auth.ts'

useDatabase()

const issuer = 'https://issuer.example.org'
const app = createApp().get('/who', requireUser, (c) => c.text(c.var.userId))
const who = (token: string) => app.request('/who', { headers: { authorization: `Bearer ${token}` } })

/** The issuer: what it publishes now, and how often it was asked. */
let server: Server
let published: JWK[] = []
let answer: (() => [status: number, body: string]) | undefined
let asked = 0

beforeAll(async () => {
  server = createServer((_, reply) => {
    asked++
    const [status, body] = answer?.() ?? [200, JSON.stringify({ keys: published })]
    reply.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
beforeAll(() => useIssuer('keys'))
afterEach(() => {
  answer = undefined
  vi.useRealTimers()
})
afterAll(() => {
  configure({ AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '' })
  server.close()
})

/** A path that was not asked before is a key set that is not known yet. */
function useIssuer(path: string): void {
  const { port } = server.address() as { port: number }
  configure({
    AUTH_JWKS_URL: `http://127.0.0.1:${port}/${path}`,
    AUTH_ISSUER: issuer,
    AUTH_AUDIENCE: 'tasks',
  })
}

type Key = { alg: string; kid: string; privateKey: CryptoKey }

async function publish(alg: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const kid = crypto.randomUUID()
  published = [...published, { ...(await exportJWK(publicKey)), kid, alg }]
  return { alg, kid, privateKey }
}

const tokenOf = ({ alg, kid, privateKey }: Key, claims: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT({ sub: 'auth0|1', iss: issuer, aud: 'tasks', jti: crypto.randomUUID(), ...claims })
    .setProtectedHeader({ alg, kid })
    .setExpirationTime('1h')
    .sign(privateKey)

const userOf = async (token: string) => {
  const reply = await who(token)
  expect(reply.status).toBe(200)
  const [user] = await sql`select id, name, email, email_verified from users where id = ${await reply.text()}`
  return user!
}

describe('200', () => {
  test('every algorithm of usual issuers', async () => {
    for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
      useIssuer(`keys-${alg}`)
      const token = await tokenOf(await publish(alg))
      expect((await who(token)).status).toBe(200)
    }
  })

  test('a subject is the same user every time, and another subject another', async () => {
    useIssuer('subjects')
    const key = await publish('ES256')
    const first = await userOf(await tokenOf(key, { sub: 'auth0|ada', name: 'Ada' }))
    expect(first).toMatchObject({ name: 'Ada', email_verified: false })
    expect(first['id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect((await userOf(await tokenOf(key, { sub: 'auth0|ada' })))['id']).toBe(first['id'])
    expect((await userOf(await tokenOf(key, { sub: 'auth0|2' })))['id']).not.toBe(first['id'])
  })

  test('only an address that the issuer has verified is taken, and only while nobody has it', async () => {
    useIssuer('addresses')
    const key = await publish('ES256')
    const withEmail = async (sub: string, email: unknown, email_verified: unknown) =>
      userOf(await tokenOf(key, { sub, email, email_verified }))
    expect(await withEmail('a', 'Grace@Example.org', true)).toMatchObject({
      email: 'grace@example.org',
      email_verified: true,
    })
    for (const [sub, email, verified] of [
      ['b', 'grace@example.org', true],
      ['c', 'c@example.org', false],
      ['d', 'd@example.org', 'true'],
      ['e', 'e@example.org\r\nBcc: all@example.org', true],
      ['f', 'f\0@example.org', true],
      ['g', ['g@example.org'], true],
    ] as const) {
      const user = await withEmail(sub, email, verified)
      expect(user).toMatchObject({ email: `${user['id']}@invalid`, email_verified: false })
    }
  })

  test('the account of one of ours is not taken over by its address', async () => {
    useIssuer('takeover')
    const { id } = await signIn()
    const token = await tokenOf(await publish('ES256'), {
      sub: id,
      email: `${id}@example.org`,
      email_verified: true,
    })
    expect((await userOf(token))['id']).not.toBe(id)
  })

  test('many first requests at once make one user', async () => {
    useIssuer('at-once')
    const key = await publish('ES256')
    const tokens = await Promise.all(
      Array.from({ length: 8 }, () =>
        tokenOf(key, { sub: 'auth0|many', email: 'many@example.org', email_verified: true }),
      ),
    )
    const ids = await Promise.all(tokens.map(async (token) => (await who(token)).text()))
    expect(new Set(ids).size).toBe(1)
    expect(await sql`select email from users where id = ${ids[0]!}`).toEqual([{ email: 'many@example.org' }])
  })

  test('a new key of the issuer is fetched when it is used, and made-up ones do not make us ask again', async () => {
    useIssuer('rotation')
    expect((await who(await tokenOf(await publish('ES256')))).status).toBe(200)
    const before = asked
    const fresh = await publish('ES256')
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.advanceTimersByTime(11_000)
    expect((await who(await tokenOf(fresh))).status).toBe(200)
    for (let count = 0; count < 5; count++) {
      expect((await who(await tokenOf({ ...fresh, kid: crypto.randomUUID() }))).status).toBe(401)
    }
    expect(asked).toBe(before + 1)
  })
})

describe('401', () => {
  test.each([
    ['another issuer', { iss: 'https://evil.example.org' }],
    ['another audience', { aud: 'todo-api' }],
    ['an empty subject', { sub: '' }],
  ])('%s', async (_, claims) => {
    useIssuer('refused')
    expect((await who(await tokenOf(await publish('ES256'), claims))).status).toBe(401)
  })

  test('our own keys sign nobody in while an external issuer does', async () => {
    useIssuer('not-ours')
    await publish('ES256')
    const { token } = await signIn()
    expect((await who(token)).status).toBe(401)
  })
})

describe('503', () => {
  test.each<[string, () => [number, string]]>([
    ['an issuer that fails', () => [500, 'oops']],
    ['an issuer that answers something else', () => [200, '<html>']],
    ['an issuer that answers no key set', () => [200, '{"keys":1}']],
  ])('%s signs nobody out', async (name, reply) => {
    useIssuer(encodeURIComponent(name))
    const token = await tokenOf(await publish('ES256'))
    answer = reply
    const refused = await who(token)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect((await problemOf(refused)).code).toBe('unavailable')
  })

  test('an issuer that is away', async () => {
    const token = await tokenOf(await publish('ES256'))
    configure({ AUTH_JWKS_URL: 'http://127.0.0.1:1/keys' })
    expect((await who(token)).status).toBe(503)
  })
})
