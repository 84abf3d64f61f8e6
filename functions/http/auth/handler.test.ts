import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeDatabase, sql } from '../../../shared/data/sql.ts'
import { configure } from '../../../shared/runtime/config.ts'
import { travel, useDatabase } from '../../../shared/testing/database.ts'
import { problemOf } from '../../../shared/testing/reply.ts'
import taskCreate from '../task-create/handler.ts'
import app from './handler.ts'
import { inTurn } from './turns.ts'

useDatabase()
beforeAll(() => configure({ AUTH_TRUSTED_ORIGINS: 'https://app.example.org, https://two.example.org' }))

type Call = { body?: unknown; bearer?: string; address?: string; headers?: Record<string, string> }

let callers = 0

/** Each call comes from an address of its own, unless it says otherwise. */
async function call(operation: string, { body, bearer, address, headers }: Call = {}): Promise<Response> {
  const [method, path] = operation.split(' ') as [string, string]
  return app.request(
    `/api/auth${path}`,
    {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    },
    { functionName: 'auth', address: address ?? `198.51.100.${++callers}` },
  )
}

type Session = { token: string; user: { id: string; email: string } }

const password = 'a long password'
const newAddress = () => `${crypto.randomUUID()}@example.org`

async function signUp(email = newAddress()): Promise<Session> {
  const reply = await call('POST /sign-up/email', { body: { name: 'Ada', email, password } })
  expect(reply.status).toBe(200)
  return (await reply.json()) as Session
}

const tokenOf = async (session: string): Promise<string> =>
  ((await (await call('GET /token', { bearer: session })).json()) as { token: string }).token

const statuses = (replies: Response[]) => replies.map(({ status }) => status).toSorted((a, b) => a - b)

describe('200', () => {
  test('sign-up, sign-in and token open the other functions', async () => {
    const email = newAddress()
    const { user } = await signUp(email)
    const signedIn = await call('POST /sign-in/email', { body: { email, password } })
    expect(signedIn.status).toBe(200)
    expect(signedIn.headers.get('cache-control')).toBe('no-store')
    const session = (await signedIn.json()) as Session
    expect(session.user.id).toBe(user.id)

    const token = await tokenOf(session.token)
    const created = await taskCreate.request('/api/tasks', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"title":"x"}',
    })
    expect(created.status).toBe(201)
    expect(await created.json()).toMatchObject({ user_id: user.id })
  })

  test('the token says who and how long, and nothing else about the person', async () => {
    const { token, user } = await signUp()
    const { iat, exp, ...claims } = decodeJwt(await tokenOf(token))
    expect(claims).toEqual({ sub: user.id, iss: 'todo', aud: 'todo-api' })
    expect(exp! - iat!).toBe(3600)
  })

  test('the address is kept in lower case and found in any', async () => {
    const email = newAddress()
    const { user } = await signUp(email.toUpperCase())
    expect(user.email).toBe(email)
    const reply = await call('POST /sign-in/email', { body: { email: email.toUpperCase(), password } })
    expect(reply.status).toBe(200)
  })

  test('the key set has the public part of an Ed25519 key that is stored encrypted', async () => {
    await tokenOf((await signUp()).token)
    const reply = await call('GET /jwks')
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300')
    const { keys } = (await reply.json()) as { keys: Record<string, string>[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' })
    expect(keys[0]).not.toHaveProperty('d')
    const [stored] = await sql`select private_key, expires_at from jwks where id = ${keys[0]!['kid']!}`
    expect(stored!['private_key']).not.toContain('"d"')
    expect(stored!['expires_at']).not.toBeNull()
  })

  test('a key that stopped signing is followed by a new one, and stays published for its last tokens', async () => {
    const { token } = await signUp()
    const before = await tokenOf(token)
    await sql`update jwks set expires_at = now() - interval '1 minute'`
    const after = await tokenOf(token)
    const kid = (jwt: string) =>
      JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()).kid as string
    expect(kid(after)).not.toBe(kid(before))
    const { keys } = (await (await call('GET /jwks')).json()) as { keys: { kid: string }[] }
    expect(keys.map((key) => key.kid)).toEqual(expect.arrayContaining([kid(before), kid(after)]))
  })

  test('a session that was signed out gives no token any more', async () => {
    const { token } = await signUp()
    expect((await call('POST /sign-out', { bearer: token })).status).toBe(200)
    const reply = await call('GET /token', { bearer: token })
    expect(reply.status).toBe(401)
    expect((await problemOf(reply)).code).toBe('unauthorized')
  })

  test('revoke-sessions ends every session of the account, and of no other', async () => {
    const email = newAddress()
    const { token } = await signUp(email)
    const other = await signUp()
    const second = (await (
      await call('POST /sign-in/email', { body: { email, password } })
    ).json()) as Session
    expect((await call('POST /revoke-sessions', { bearer: token })).status).toBe(200)
    expect((await call('GET /token', { bearer: token })).status).toBe(401)
    expect((await call('GET /token', { bearer: second.token })).status).toBe(401)
    expect((await call('GET /token', { bearer: other.token })).status).toBe(200)
  })

  test('an account ends with everything that belongs to it, for whoever knows the password', async () => {
    const email = newAddress()
    const { token: bearer } = await signUp(email)
    const end = (tried: string) => call('POST /delete-user', { bearer, body: { password: tried } })
    expect((await problemOf(await end('a wrong password'))).errors?.[0]?.field).toBe('password')
    const left = () =>
      sql`select users.id from users join sessions on user_id = users.id where email = ${email}`
    expect([(await left()).length, (await end(password)).status, (await left()).length]).toEqual([1, 200, 0])
  })

  test('a changed password is the only one that signs in', async () => {
    const email = newAddress()
    const { token } = await signUp(email)
    const change = (currentPassword: string) =>
      call('POST /change-password', {
        bearer: token,
        body: { currentPassword, newPassword: 'another password' },
      })
    const refused = await change('a wrong password')
    expect(refused.status).toBe(400)
    expect((await problemOf(refused)).errors?.map(({ field }) => field)).toEqual(['currentPassword'])
    expect((await change(password)).status).toBe(200)
    const signIn = (tried: string) => call('POST /sign-in/email', { body: { email, password: tried } })
    expect((await signIn(password)).status).toBe(401)
    expect((await signIn('another password')).status).toBe(200)
  })

  test('an origin of the list may sign in', async () => {
    const email = newAddress()
    await signUp(email)
    for (const origin of ['https://app.example.org', 'https://two.example.org', 'http://localhost:3000']) {
      const reply = await call('POST /sign-in/email', { body: { email, password }, headers: { origin } })
      expect(reply.status).toBe(200)
    }
  })
})

describe('a program', () => {
  test('may sign in though its `fetch` announces a mode and no site, as that of Node does', async () => {
    const email = newAddress()
    await signUp(email)
    const headers = { 'sec-fetch-mode': 'cors' }
    expect((await call('POST /sign-in/email', { body: { email, password }, headers })).status).toBe(200)
  })
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['a password of 7 characters', { name: 'A', email: 'a@example.org', password: '1234567' }, 'password'],
    ['a password of 129', { name: 'A', email: 'a@example.org', password: 'x'.repeat(129) }, 'password'],
    ['no address', { name: 'A', password }, 'email'],
    ['an address without a host', { name: 'A', email: 'a@', password }, 'email'],
    ['two addresses', { name: 'A', email: 'a@example.org;b@example.org', password }, 'email'],
    [
      'an address with a line break',
      { name: 'A', email: 'a@example.org\r\nBcc: b@example.org', password },
      'email',
    ],
    ['a name with NUL', { name: 'a\0b', email: 'a@example.org', password }, 'name'],
    [
      'a field that is not known',
      { name: 'A', email: 'a@example.org', password, emailVerified: true },
      'emailVerified',
    ],
  ])('%s: names the field, makes no account', async (_, body, field) => {
    const before = await sql`select count(*) from users`
    const reply = await call('POST /sign-up/email', { body })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
    expect(await sql`select count(*) from users`).toEqual(before)
  })

  test('no JSON is refused as a body, and another media type as such', async () => {
    expect((await problemOf(await call('POST /sign-in/email', { body: '{"email":' }))).code).toBe(
      'malformed_body',
    )
    const reply = await call('POST /sign-in/email', {
      body: 'email=a',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(reply.status).toBe(415)
  })

  test('a body over the limit is refused', async () => {
    expect((await call('POST /sign-in/email', { body: { email: 'x'.repeat(70_000) } })).status).toBe(413)
  })
})

describe('401', () => {
  test('an unknown address answers exactly like a wrong password', async () => {
    const email = newAddress()
    await signUp(email)
    const wrong = await call('POST /sign-in/email', { body: { email, password: 'not the password' } })
    const unknown = await call('POST /sign-in/email', { body: { email: newAddress(), password } })
    const { request_id: _, ...first } = await problemOf(wrong)
    const { request_id: __, ...second } = await problemOf(unknown)
    expect(first).toEqual(second)
    expect(first).toMatchObject({ status: 401, code: 'unauthorized' })
    const names = (reply: Response) => [...reply.headers.keys()].toSorted()
    expect(names(wrong)).toEqual(names(unknown))
  })

  test.each(['nonsense', 'a.b.c', 'a%00b', 'ключ'])('%s is no session', async (bearer) => {
    const headers = { authorization: `Bearer ${encodeURIComponent(bearer)}` }
    expect((await call('GET /token', { headers })).status).toBe(401)
  })
})

describe('403', () => {
  test('a foreign origin may not sign in', async () => {
    const email = newAddress()
    await signUp(email)
    const reply = await call('POST /sign-in/email', {
      body: { email, password },
      headers: { origin: 'https://evil.example.com' },
    })
    expect(reply.status).toBe(403)
    expect((await problemOf(reply)).code).toBe('forbidden')
    expect(
      await sql`select 1 from sessions join users on users.id = user_id where email = ${email}`,
    ).toHaveLength(1)
  })
})

describe('404', () => {
  test.each([
    'GET /error',
    'GET /ok',
    'GET /sign-up/email',
    'POST /update-user',
    'POST /sign-in/social',
    'GET /list-sessions',
    'POST /sign-in/email/',
    'POST //sign-in/email',
  ])('%s is not served', async (operation) => {
    const reply = await call(operation, { ...(operation.startsWith('POST') && { body: {} }) })
    expect(reply.status).toBe(404)
    expect((await problemOf(reply)).code).toBe('not_found')
  })
})

describe('404 with an external issuer', () => {
  test('nobody signs up here, and the reply says where', async () => {
    configure({ AUTH_JWKS_URL: 'https://issuer.example.org/jwks', AUTH_ISSUER: 'https://issuer.example.org' })
    const email = newAddress()
    const reply = await call('POST /sign-up/email', { body: { name: 'Ada', email, password } })
    configure({ AUTH_JWKS_URL: '', AUTH_ISSUER: '' })
    expect(reply.status).toBe(404)
    expect((await problemOf(reply)).detail).toContain('https://issuer.example.org')
    expect(await sql`select 1 from users where email = ${email}`).toHaveLength(0)
  })
})

describe('409', () => {
  test('an address has one account, however many sign up with it at once', async () => {
    const email = newAddress()
    const replies = await Promise.all(
      Array.from({ length: 6 }, () =>
        call('POST /sign-up/email', { body: { name: 'Ada', email, password } }),
      ),
    )
    expect(statuses(replies)).toEqual([200, 409, 409, 409, 409, 409])
    const problem = await problemOf(replies.find(({ status }) => status === 409)!)
    expect(problem.code).toBe('conflict')
    expect(await sql`select 1 from users where email = ${email}`).toHaveLength(1)
    expect(
      await sql`select 1 from accounts join users on users.id = user_id where email = ${email}`,
    ).toHaveLength(1)
  })
})

describe('429', () => {
  beforeAll(() => configure({ SIGN_IN_RATE_LIMIT: '3' }))
  afterAll(() => configure({ SIGN_IN_RATE_LIMIT: '' }))

  const tries = (count: number, address: string, email = newAddress()) =>
    Promise.all(
      Array.from({ length: count }, () =>
        call('POST /sign-in/email', { address, body: { email, password: 'guess' } }),
      ),
    )

  test('a network has SIGN_IN_RATE_LIMIT tries a minute, in parallel too; others are not held up', async () => {
    const replies = await tries(5, '203.0.113.1')
    expect(statuses(replies)).toEqual([401, 401, 401, 429, 429])
    const refused = replies.find(({ status }) => status === 429)!
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(50)
    expect(seconds).toBeLessThanOrEqual(60)
    expect((await problemOf(refused)).code).toBe('too_many_requests')
    expect(statuses(await tries(1, '203.0.113.2'))).toEqual([401])
  })

  test('after the minute the tries start anew', async () => {
    await tries(4, '203.0.113.3')
    expect(statuses(await tries(1, '203.0.113.3'))).toEqual([429])
    await travel('61 seconds')
    expect(statuses(await tries(1, '203.0.113.3'))).toEqual([401])
    await travel('0')
  })

  test('a subscriber of IPv6 has one network, whatever the host part', async () => {
    const replies = await Promise.all(
      Array.from({ length: 4 }, (_, host) => tries(1, `2001:db8:0:1::${host.toString(16)}`)),
    )
    expect(statuses(replies.flat()).at(-1)).toBe(429)
  })

  test('signing up counts, asking for a token does not', async () => {
    const address = '203.0.113.4'
    const { token } = await signUp()
    for (let count = 0; count < 4; count++) {
      expect((await call('GET /token', { bearer: token, address })).status).toBe(200)
    }
    await tries(3, address)
    const reply = await call('POST /sign-up/email', {
      address,
      body: { name: 'Ada', email: newAddress(), password },
    })
    expect(reply.status).toBe(429)
  })
})

describe('500', () => {
  test('a sign-up that fails half-way leaves nothing behind, and shows nothing of the reason', async () => {
    await sql`alter table sessions add constraint broken check (user_agent <> 'broken')`
    const email = newAddress()
    const reply = await call('POST /sign-up/email', {
      body: { name: 'Ada', email, password },
      headers: { 'user-agent': 'broken' },
    })
    await sql`alter table sessions drop constraint broken`
    expect(reply.status).toBe(500)
    expect(JSON.stringify(await problemOf(reply))).not.toMatch(/constraint|sessions|broken/)
    expect(await sql`select 1 from users where email = ${email}`).toHaveLength(0)
  })
})

describe('503', () => {
  test('when too many wait to sign in, the next is told so; who is signed in notices nothing', async () => {
    const { token } = await signUp()
    const { promise, resolve } = Promise.withResolvers<void>()
    const queue = Array.from({ length: 52 }, () => inTurn(() => promise))
    const reply = await call('POST /sign-in/email', { body: { email: newAddress(), password } })
    const signedIn = await call('GET /token', { bearer: token })
    resolve()
    await Promise.all(queue)
    expect(reply.status).toBe(503)
    expect(reply.headers.get('retry-after')).toBe('5')
    expect(signedIn.status).toBe(200)
  })

  test.each(['GET /token', 'POST /sign-out', 'POST /revoke-sessions', 'GET /get-session'])(
    '%s: a database that is away does not pass for a session that is not there',
    async (operation) => {
      const { token } = await signUp()
      const url = process.env['DATABASE_URL']!
      await closeDatabase()
      configure({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
      const reply = await call(operation, { bearer: token })
      await closeDatabase()
      configure({ DATABASE_URL: url })
      expect(reply.status).toBe(503)
      expect((await problemOf(reply)).code).toBe('unavailable')
      expect((await call('GET /token', { bearer: token })).status).toBe(200)
    },
  )
})
