/** Verification of access tokens (RFC 7519, RFC 8725, RFC 9068 as far as it goes) with jose. */
import { errors, jwtVerify, type JWTPayload } from 'jose'
import { Problem } from '../contract/problem.ts'
import { sql } from '../data/sql.ts'
import { config } from '../runtime/config.ts'
import { externalUser } from './external-user.ts'
import { parseJson } from './json.ts'
import { externalKeys, ownKeys } from './keys.ts'

/** Asymmetric only: a symmetric algorithm would let whoever can verify also sign. */
const algorithms = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
]

/** How far the clocks of issuer and verifier may be apart. */
const clockToleranceSeconds = 5

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

type Verified = { userId: string; expiresAtMs: number }

/** Whom the token was issued to and until when it holds; undefined when it is not valid. Throws when keys cannot be read. */
export async function verify(token: string): Promise<Verified | undefined> {
  const { AUTH_ISSUER, AUTH_AUDIENCE, AUTH_JWKS_URL } = config('auth')
  const payload = await jwtVerify(token, AUTH_JWKS_URL ? externalKeys(AUTH_JWKS_URL) : ownKeys, {
    algorithms,
    issuer: AUTH_ISSUER,
    audience: AUTH_AUDIENCE,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: clockToleranceSeconds,
  }).then(
    (result) => result.payload,
    (error: unknown) => {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    },
  )
  if (!payload?.sub || claimsTwice(token)) return undefined
  const userId = AUTH_JWKS_URL ? await externalUser(payload) : await ownUser(payload)
  return userId === undefined ? undefined : { userId, expiresAtMs: payload.exp! * 1000 }
}

/** A user of ours whose account still exists. */
async function ownUser({ sub }: JWTPayload): Promise<string | undefined> {
  if (!uuidPattern.test(sub!)) return undefined
  const [user] = await sql<{ id: string }[]>`select id from users where id = ${sub!}`
  return user?.id
}

/** RFC 7519, section 4: claim names are unique. Readers differ in which of two they take, so such a token is refused. */
function claimsTwice(token: string): boolean {
  try {
    for (const part of token.split('.').slice(0, 2)) parseJson(Buffer.from(part, 'base64url').toString())
    return false
  } catch (error) {
    if (error instanceof Problem) return true
    throw error
  }
}
