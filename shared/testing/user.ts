/** A signed-in user, without the auth function: a row, a key of the key set, and a token. */
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { sql } from '../data/sql.ts'

let key: { kid: string; privateKey: CryptoKey } | undefined

export type TestUser = { id: string; token: string; headers: Record<string, string> }

/** Adds a user and answers the id, a token, and the headers that a request of theirs carries. */
export async function signIn(preferences: { time_zone?: string } = {}): Promise<TestUser> {
  const id = randomUUID()
  await sql`insert into users (id, name, email) values (${id}, 'Test', ${`${id}@example.org`})`
  await sql`insert into preferences (user_id, time_zone) values (${id}, ${preferences.time_zone ?? 'UTC'})`
  const token = await signToken({ sub: id })
  return { id, token, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
}

type Claims = { sub?: string; issuer?: string; audience?: string; expiresIn?: string }

/** A token signed with a key of our key set, with the given claims. */
export async function signToken({
  sub,
  issuer = 'todo',
  audience = 'todo-api',
  expiresIn = '1h',
}: Claims): Promise<string> {
  key ??= await addKey()
  const token = new SignJWT(sub === undefined ? {} : { sub })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
    .setIssuedAt()
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expiresIn)
  return token.sign(key.privateKey)
}

async function addKey() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const kid = randomUUID()
  await sql`
    insert into jwks (id, public_key, private_key)
    values (${kid}, ${JSON.stringify(await exportJWK(publicKey))}, 'not stored')`
  return { kid, privateKey }
}
