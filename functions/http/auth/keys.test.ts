import { decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { symmetricEncrypt } from 'better-auth/crypto'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import app from './handler.ts'

useDatabase()

const json = { 'content-type': 'application/json' }

async function asked<T>(path: string, init: RequestInit = {}): Promise<T> {
  const reply = await app.request(`/api/auth${path}`, init)
  expect(reply.status).toBe(200)
  return (await reply.json()) as T
}

test('after another secret was set somebody who is signed in gets tokens of a new key; those of the old one are still good', async () => {
  const body = JSON.stringify({ name: 'Ada', email: 'ada@example.org', password: 'a long password' })
  const { token } = await asked<{ token: string }>('/sign-up/email', { method: 'POST', headers: json, body })
  const tokenNow = async () =>
    (await asked<{ token: string }>('/token', { headers: { authorization: `Bearer ${token}` } })).token
  const kid = async () => decodeProtectedHeader(await tokenNow()).kid!
  const before = await kid()
  const sealed = await symmetricEncrypt({ key: 'the secret that was set before this one', data: '{}' })
  await sql`update jwks set private_key = ${JSON.stringify(sealed)}`
  const after = await kid()
  expect(after).not.toBe(before)
  expect(await kid()).toBe(after)
  const { keys } = await asked<{ keys: { kid: string }[] }>('/jwks')
  expect(keys.map((key) => key.kid).toSorted()).toEqual([before, after].toSorted())
})
