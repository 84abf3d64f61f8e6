/** Verification of access tokens (RFC 7519, RFC 9068 as far as it goes) with jose. */
import { createHash } from 'node:crypto'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import { sql } from '../data/sql.ts'
import { config } from '../runtime/config.ts'

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

/** How long a verified token is not verified again, and how many are remembered. */
const rememberedMs = 60_000
const rememberedMax = 10_000

/** The least pause between two readings of the key set for the sake of an unknown `kid`. */
const keysPauseMs = 10_000

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const remembered = new Map<string, { userId: string; until: number }>()

/** The id of the user whom the token was issued to. Throws whatever jose throws when it is not valid. */
export async function verifyToken(token: string): Promise<string> {
  const known = remembered.get(token)
  if (known && Date.now() < known.until) return known.userId
  const { AUTH_ISSUER, AUTH_AUDIENCE, AUTH_JWKS_URL } = config('auth')
  const { payload } = await jwtVerify(token, AUTH_JWKS_URL ? externalKeys(AUTH_JWKS_URL) : ownKeys, {
    algorithms,
    issuer: AUTH_ISSUER,
    audience: AUTH_AUDIENCE,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: 5,
  })
  const userId = AUTH_JWKS_URL ? await externalUser(payload) : ownUser(payload)
  if (remembered.size >= rememberedMax) remembered.clear()
  remembered.set(token, { userId, until: Math.min(Date.now() + rememberedMs, payload.exp! * 1000) })
  return userId
}

function ownUser({ sub }: JWTPayload): string {
  if (!sub || !uuidPattern.test(sub))
    throw new errors.JWTClaimValidationFailed('"sub" is not a user id', {}, 'sub')
  return sub
}

/** A user of an external issuer gets an id derived from issuer and subject, and a row at the first request. */
async function externalUser({ iss, sub, email, name }: JWTPayload): Promise<string> {
  if (!sub) throw new errors.JWTClaimValidationFailed('"sub" is empty', {}, 'sub')
  const hash = createHash('sha256')
    .update(JSON.stringify([iss, sub]))
    .digest('hex')
  // RFC 9562 version 8: our own bits, with version and variant in their places.
  const id = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
  await sql`
    insert into users (id, name, email)
    values (${id}, ${typeof name === 'string' ? name : ''}, ${typeof email === 'string' ? email : `${id}@invalid`})
    on conflict do nothing`
  return id
}

let own: { keys: JWTVerifyGetKey; readAt: number } | undefined

/** Our key set, read from the table `jwks` and once more for an unknown `kid`, at most every ten seconds. */
const ownKeys: JWTVerifyGetKey = async (header, token) => {
  own ??= await readKeys()
  try {
    return await own.keys(header, token)
  } catch (error) {
    const mayBeNew = error instanceof errors.JWKSNoMatchingKey && Date.now() - own.readAt > keysPauseMs
    if (!mayBeNew) throw error
    own = await readKeys()
    return own.keys(header, token)
  }
}

async function readKeys() {
  const rows = await sql<{ id: string; public_key: string }[]>`
    select id, public_key
    from jwks
    order by created_at desc, id
    limit 20`
  const keys = rows.map(({ id, public_key }) => ({ ...(JSON.parse(public_key) as object), kid: id }))
  return { keys: createLocalJWKSet({ keys }), readAt: Date.now() }
}

let external: { url: string; keys: JWTVerifyGetKey } | undefined

function externalKeys(url: string): JWTVerifyGetKey {
  if (external?.url !== url) {
    external = {
      url,
      keys: createRemoteJWKSet(new URL(url), { cooldownDuration: keysPauseMs, timeoutDuration: 5_000 }),
    }
  }
  return external.keys
}
