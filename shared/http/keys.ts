/** The public keys that access tokens are verified with: our own table, or the key set of an external issuer. */
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import { Problem } from '../contract/problem.ts'
import { sql } from '../data/sql.ts'

/** The least pause between two readings for the sake of an unknown `kid`, which anybody can make up. */
const ownPauseMs = 1_000
const externalPauseMs = 10_000

/** After this the keys are read again: a key that was removed is not trusted for longer. */
const keptMs = 600_000

const externalTimeoutMs = 5_000

type KeySet = { keys: JWTVerifyGetKey; readAt: number }

let own: KeySet | undefined
let reading: Promise<KeySet> | undefined

/** Our key set. A token with a key that is not in it may be newer than the set, which is read once more then. */
export const ownKeys: JWTVerifyGetKey = async (header, token) => {
  if (header?.kid === undefined) throw new errors.JWKSNoMatchingKey()
  const known = own && age(own) < keptMs ? own : await readOwn()
  try {
    return await known.keys(header, token)
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey) || age(known) < ownPauseMs) throw error
  }
  const fresh = await readOwn()
  return fresh.keys(header, token)
}

const age = ({ readAt }: KeySet): number => performance.now() - readAt

/** Reads the table, once for all who ask at the same time. */
const readOwn = (): Promise<KeySet> => (reading ??= readTable().finally(() => (reading = undefined)))

/** A key that rotation has replaced verifies until the last token that it signed has ended. */
async function readTable(): Promise<KeySet> {
  const rows = await sql<{ id: string; public_key: string }[]>`
    select id, public_key
    from jwks
    where expires_at is null or expires_at > clock_now() - interval '2 hours'
    order by created_at desc, id
    limit 100`
  const keys = rows.map(({ id, public_key }) => ({ ...(JSON.parse(public_key) as object), kid: id }))
  own = { keys: createLocalJWKSet({ keys }), readAt: performance.now() }
  return own
}

let external: { url: string; keys: JWTVerifyGetKey } | undefined

/** The key set at `url`. Throws a `Problem` when it cannot be read: that says nothing about the token. */
export function externalKeys(url: string): JWTVerifyGetKey {
  if (external?.url === url) return external.keys
  const remote = createRemoteJWKSet(new URL(url), {
    cooldownDuration: externalPauseMs,
    cacheMaxAge: keptMs,
    timeoutDuration: externalTimeoutMs,
  })
  const keys: JWTVerifyGetKey = (header, token) =>
    remote(header, token).catch((error: unknown) => {
      throw isAboutToken(error) ? error : unreadable(error)
    })
  external = { url, keys }
  return keys
}

const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported

const unreadable = (cause: unknown): Problem =>
  new Problem('unavailable', 'The keys of the issuer cannot be read right now. Try again in a moment.', {
    cause,
    headers: { 'retry-after': '5' },
  })
