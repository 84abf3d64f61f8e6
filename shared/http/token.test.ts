import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { CompactEncrypt } from 'jose'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { closeDatabase, sql } from '../data/sql.ts'
import { configure } from '../runtime/config.ts'
import { useDatabase } from '../testing/database.ts'
import { problemOf } from '../testing/reply.ts'
import { createApp } from './app.ts'
import { requireUser } from './auth.ts'

useDatabase()
afterEach(() => {
  vi.useRealTimers()
})

const app = createApp().get('/who', requireUser, (c) => c.text(c.var.userId))
const who = (token: string) => app.request('/who', { headers: { authorization: `Bearer ${token}` } })
const statusOf = async (token: string) => (await who(token)).status

type Key = { kid: string; publicKey: KeyObject; privateKey: KeyObject }

let key: Key
let userId: string
beforeAll(async () => {
  key = await addKey()
  userId = await addUser()
})

async function addKey(expiresAt: string | null = null): Promise<Key> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const kid = randomUUID()
  await sql`
    insert into jwks (id, public_key, private_key, expires_at)
    values (${kid}, ${JSON.stringify(publicKey.export({ format: 'jwk' }))}, '', ${expiresAt}::timestamptz)`
  return { kid, publicKey, privateKey }
}

async function addUser(): Promise<string> {
  const id = randomUUID()
  await sql`insert into users (id, name, email) values (${id}, 'Ada', ${`${id}@example.org`})`
  return id
}

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const claims = (change: object = {}) => {
  const now = Math.floor(Date.now() / 1000)
  return {
    sub: userId,
    iss: 'todo',
    aud: 'todo-api',
    iat: now,
    exp: now + 3600,
    jti: randomUUID(),
    ...change,
  }
}

/** Header and payload, as text or as JSON, signed with our key, or in another way. */
function signed(header: unknown, payload: unknown, by: (input: string) => Buffer = ours): string {
  const input = `${base64(header)}.${base64(payload)}`
  return `${input}.${by(input).toString('base64url')}`
}
const ours = (input: string) => sign(null, Buffer.from(input), key.privateKey)
const header = (change: object = {}) => ({ alg: 'EdDSA', kid: key.kid, ...change })

const hmacWith = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest()

/** Lets the process, but not the database, believe that time has passed. */
const later = (ms: number) => {
  if (!vi.isFakeTimers()) vi.useFakeTimers({ toFake: ['Date'] })
  vi.advanceTimersByTime(ms)
  passedMs += ms
}
let passedMs = 0
const runningMs = performance.now.bind(performance)
vi.spyOn(performance, 'now').mockImplementation(() => runningMs() + passedMs)

describe('200', () => {
  test.each<[string, () => string]>([
    ['a token of ours', () => signed(header(), claims())],
    ['the fully specified name of the algorithm', () => signed(header({ alg: 'Ed25519' }), claims())],
    ['several audiences, ours among them', () => signed(header(), claims({ aud: ['other', 'todo-api'] }))],
    [
      'a token valid since just now, on a clock 3 seconds ahead',
      () => signed(header(), claims({ nbf: Math.floor(Date.now() / 1000) + 3 })),
    ],
  ])('%s', async (_, token) => {
    const reply = await who(token())
    expect(reply.status).toBe(200)
    expect(await reply.text()).toBe(userId)
  })
})

describe('401', () => {
  const pem = () => key.publicKey.export({ format: 'pem', type: 'spki' })
  const jwk = () => key.publicKey.export({ format: 'jwk' })
  const stranger = generateKeyPairSync('ed25519')
  const byStranger = (input: string) => sign(null, Buffer.from(input), stranger.privateKey)
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ed448 = generateKeyPairSync('ed448')
  const seconds = () => Math.floor(Date.now() / 1000)

  test.each<[string, () => string | Promise<string>]>([
    ['alg none, no signature', () => `${base64(header({ alg: 'none' }))}.${base64(claims())}.`],
    ['alg none, some signature', () => signed(header({ alg: 'none' }), claims())],
    ['alg NONE', () => signed(header({ alg: 'NONE' }), claims())],
    ['no alg', () => signed({ kid: key.kid }, claims())],
    ['alg as a list', () => signed(header({ alg: ['EdDSA'] }), claims())],
    ['HS256 with the public key as PEM', () => signed(header({ alg: 'HS256' }), claims(), hmacWith(pem()))],
    [
      'HS256 with the public key as bytes',
      () => signed(header({ alg: 'HS256' }), claims(), hmacWith(Buffer.from(jwk().x!, 'base64url'))),
    ],
    [
      'HS256 with the stored text',
      () => signed(header({ alg: 'HS256' }), claims(), hmacWith(JSON.stringify(jwk()))),
    ],
    ['HS256 with an empty secret', () => signed(header({ alg: 'HS256' }), claims(), hmacWith(''))],
    ['a key that we do not have', () => signed(header({ kid: randomUUID() }), claims(), byStranger)],
    ['our kid on a foreign signature', () => signed(header(), claims(), byStranger)],
    ['no kid', () => signed({ alg: 'EdDSA' }, claims())],
    ['a kid that is a path', () => signed(header({ kid: '../../../dev/null' }), claims(), hmacWith(''))],
    ['a kid that is SQL', () => signed(header({ kid: `' or '1'='1` }), claims(), byStranger)],
    ['a kid with NUL', () => signed(header({ kid: `${key.kid}\0` }), claims())],
    ['a kid that is an object', () => signed(header({ kid: { id: key.kid } }), claims())],
    ['a kid of the prototype', () => signed(header({ kid: '__proto__' }), claims(), byStranger)],
    [
      'the key in the header',
      () => signed({ alg: 'EdDSA', jwk: stranger.publicKey.export({ format: 'jwk' }) }, claims(), byStranger),
    ],
    [
      'the key in the header, our kid',
      () => signed(header({ jwk: stranger.publicKey.export({ format: 'jwk' }) }), claims(), byStranger),
    ],
    [
      'an extension that must be understood',
      () => signed(header({ crit: ['http://x'], 'http://x': true }), claims()),
    ],
    ['crit without its extension', () => signed(header({ crit: ['exp'] }), claims())],
    ['an empty crit', () => signed(header({ crit: [] }), claims())],
    ['an unencoded payload', () => signed(header({ crit: ['b64'], b64: false }), claims())],
    [
      'another curve under our kid',
      () =>
        signed(header({ alg: 'ES256' }), claims(), (input) =>
          sign('sha256', Buffer.from(input), { key: p256.privateKey, dsaEncoding: 'ieee-p1363' }),
        ),
    ],
    [
      'Ed448 under our kid',
      () =>
        signed(header({ alg: 'Ed448' }), claims(), (input) =>
          sign(null, Buffer.from(input), ed448.privateKey),
        ),
    ],
    [
      'Ed448 called EdDSA',
      () => signed(header(), claims(), (input) => sign(null, Buffer.from(input), ed448.privateKey)),
    ],
    ['an ECDSA signature of zeros', () => signed(header({ alg: 'ES256' }), claims(), () => Buffer.alloc(64))],
    ['a signature of zeros', () => signed(header(), claims(), () => Buffer.alloc(64))],
    ['an empty signature', () => signed(header(), claims(), () => Buffer.alloc(0))],
    [
      'an encrypted token',
      () =>
        new CompactEncrypt(Buffer.from(JSON.stringify(claims())))
          .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
          .encrypt(Buffer.alloc(32)),
    ],
    [
      'a claim given twice',
      () => signed(header(), `{"sub":"${randomUUID()}",${JSON.stringify(claims()).slice(1)}`),
    ],
    [
      'a header parameter given twice',
      () => signed(`{"alg":"none",${JSON.stringify(header()).slice(1)}`, claims()),
    ],
    ['a token of 20 KB', () => signed(header(), claims({ pad: 'x'.repeat(15_000) }))],
    ['a payload that is a list', () => signed(header(), [claims()])],
    ['a payload that is null', () => signed(header(), 'null')],
    ['a payload that is no JSON', () => signed(header(), '{"sub":')],
    [
      'a payload that is no UTF-8',
      () => `${base64(header())}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.AA`,
    ],
    ['a header that is no JSON', () => signed('{', claims())],
    ['no end', () => signed(header(), claims({ exp: undefined }))],
    ['an end that is text', () => signed(header(), claims({ exp: String(seconds() + 60) }))],
    ['an end 10 seconds ago', () => signed(header(), claims({ exp: seconds() - 10 }))],
    ['a beginning in a minute', () => signed(header(), claims({ nbf: seconds() + 60 }))],
    ['no subject', () => signed(header(), claims({ sub: undefined }))],
    ['an empty subject', () => signed(header(), claims({ sub: '' }))],
    ['a subject that is a number', () => signed(header(), claims({ sub: 1 }))],
    ['a subject that is no user id', () => signed(header(), claims({ sub: 'admin' }))],
    ['a subject with something behind it', () => signed(header(), claims({ sub: `${userId}\n` }))],
    ['a user that does not exist', () => signed(header(), claims({ sub: randomUUID() }))],
    ['no issuer', () => signed(header(), claims({ iss: undefined }))],
    ['an issuer like ours', () => signed(header(), claims({ iss: 'todo ' }))],
    ['no audience', () => signed(header(), claims({ aud: undefined }))],
    ['another audience', () => signed(header(), claims({ aud: ['todo-api2'] }))],
  ])('%s', async (_, token) => {
    const reply = await who(await token())
    expect(reply.status).toBe(401)
    expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect((await problemOf(reply)).code).toBe('unauthorized')
  })

  test('an address of keys in the header is never called', async () => {
    let calls = 0
    const server = createServer((_, reply) => {
      calls++
      const jwk = { ...stranger.publicKey.export({ format: 'jwk' }), kid: 'evil', alg: 'EdDSA' }
      reply.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/jwks`
    for (const change of [{ jku: url }, { x5u: url }, { jku: url, kid: undefined }]) {
      expect(await statusOf(signed(header({ kid: 'evil', ...change }), claims(), byStranger))).toBe(401)
    }
    await new Promise((resolve) => server.close(resolve))
    expect(calls).toBe(0)
  })
})

describe('keys', () => {
  const of = ({ kid, privateKey }: Key) =>
    signed(header({ kid }), claims(), (input) => sign(null, Buffer.from(input), privateKey))

  test('a new key is found at once, but strangers make us read the table once a second at most', async () => {
    expect(await statusOf(of(key))).toBe(200)
    later(1_001)
    expect(await statusOf(signed(header({ kid: 'made up' }), claims()))).toBe(401)
    const added = await addKey()
    expect(await statusOf(of(added))).toBe(401)
    later(1_001)
    expect(await statusOf(of(added))).toBe(200)
  })

  test('a key that rotation has replaced verifies until its last tokens have ended', async () => {
    const replaced = await addKey(new Date(Date.now() - 3_600_000).toISOString())
    const forgotten = await addKey(new Date(Date.now() - 3 * 3_600_000).toISOString())
    later(1_001)
    expect(await statusOf(of(replaced))).toBe(200)
    later(1_001)
    expect(await statusOf(of(forgotten))).toBe(401)
  })

  test('a key that was removed is not trusted for more than ten minutes', async () => {
    const leaked = await addKey()
    later(1_001)
    expect(await statusOf(of(leaked))).toBe(200)
    await sql`delete from jwks where id = ${leaked.kid}`
    later(601_000)
    expect(await statusOf(of(leaked))).toBe(401)
    expect(await statusOf(of(key))).toBe(200)
  })

  test('a token outlives its account by a minute at most', async () => {
    const id = await addUser()
    const token = signed(header(), claims({ sub: id }))
    expect(await statusOf(token)).toBe(200)
    await sql`delete from users where id = ${id}`
    later(61_000)
    expect(await statusOf(token)).toBe(401)
  })

  test('a remembered token ends when it says so', async () => {
    const token = signed(header(), claims({ exp: Math.floor(Date.now() / 1000) + 20 }))
    expect(await statusOf(token)).toBe(200)
    later(30_000)
    expect(await statusOf(token)).toBe(401)
  })
})

describe('503', () => {
  test.each([
    ['the account', 61_000],
    ['the keys', 601_000],
  ])('a database that is away when %s must be read does not sign anybody out', async (_, ms) => {
    const token = signed(header(), claims())
    expect(await statusOf(token)).toBe(200)
    later(ms)
    const url = process.env['DATABASE_URL']!
    await closeDatabase()
    configure({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    const reply = await who(token)
    await closeDatabase()
    configure({ DATABASE_URL: url })
    expect(reply.status).toBe(503)
    expect((await problemOf(reply)).code).toBe('unavailable')
    expect(await statusOf(token)).toBe(200)
  })
})
