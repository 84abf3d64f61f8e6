/** Who an access token was issued to. */
import { verify } from './verify.ts'

/** How long a verified token is not verified again, and how many are remembered. */
const rememberedMs = 60_000
const rememberedMax = 10_000

/** No token of ours or of a sane issuer is longer. */
const tokenLengthMax = 8_192

const remembered = new Map<string, { userId: string; until: number }>()

/**
 * The id of the user whom the token was issued to, or undefined when it is not valid. Throws when that cannot be told: the
 * database, or the key set of an external issuer, cannot be read.
 *
 * A verified token is remembered for a minute at most, so that is how long it outlives a deleted account.
 */
export async function verifyToken(token: string): Promise<string | undefined> {
  if (token.length > tokenLengthMax) return undefined
  const known = remembered.get(token)
  if (known && Date.now() < known.until) return known.userId
  const verified = await verify(token)
  if (!verified) {
    remembered.delete(token)
    return undefined
  }
  const { userId, expiresAtMs } = verified
  if (remembered.size >= rememberedMax) remembered.delete(remembered.keys().next().value!)
  remembered.set(token, { userId, until: Math.min(Date.now() + rememberedMs, expiresAtMs) })
  return userId
}
