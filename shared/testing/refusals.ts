/** What every function for signed-in users refuses, written once. */
import type { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { Env } from '../http/env.ts'
import { problemOf } from './reply.ts'
import { signIn, signToken } from './user.ts'

type Call = { method: string; path: string; body?: unknown }

/** Declares the tests of a function that needs a user. `call` is a request that a signed-in user could make. */
export function refusals(app: Hono<Env>, { method, path, body }: Call): void {
  const send = (authorization: string | undefined) =>
    app.request(path, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  describe('401', () => {
    const cases: [string, () => Promise<string | undefined>][] = [
      ['without a token', async () => undefined],
      ['with something that is no token', async () => 'Bearer nonsense'],
      [
        'with an expired token',
        async () => `Bearer ${await signToken({ sub: (await signIn()).id, expiresIn: '-1h' })}`,
      ],
      [
        'with a token of another issuer',
        async () => `Bearer ${await signToken({ sub: (await signIn()).id, issuer: 'evil' })}`,
      ],
      [
        'with a token for another audience',
        async () => `Bearer ${await signToken({ sub: (await signIn()).id, audience: 'other' })}`,
      ],
      ['with a token without a subject', async () => `Bearer ${await signToken({})}`],
      ['with a token whose signature was changed', async () => `Bearer ${tampered((await signIn()).token)}`],
      ['with an unsigned token', async () => `Bearer ${unsigned((await signIn()).token)}`],
    ]
    test.each(cases)('%s', async (_, authorization) => {
      const reply = await send(await authorization())
      expect(reply.status).toBe(401)
      expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(await problemOf(reply)).toMatchObject({ code: 'unauthorized', status: 401 })
    })
  })
}

/** The same token for somebody else: the payload changes, the signature stays. */
function tampered(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object
  const changed = { ...claims, sub: '00000000-0000-4000-8000-000000000000' }
  return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
}

/** RFC 8725, section 3.1: `alg: none` must never be taken. */
function unsigned(token: string): string {
  const [, payload] = token.split('.') as [string, string]
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.AA`
}
