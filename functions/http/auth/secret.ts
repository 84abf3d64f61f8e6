/** The secret that encrypts the private signing keys and signs the sessions. */
import { config } from '../../../shared/runtime/config.ts'

const lengthMin = 32
/** `aaaa...` and `1234...` are long but no secret; 16 random bytes in hex have about 14 different digits. */
const differentMin = 8

/** Words of values that stand in documentation, ours and others'. */
const sample = /change.?me|replace.?me|your.?secret|example|better-auth-secret|placeholder/i

/** AUTH_SECRET; throws when it is missing or can be guessed. An external issuer needs none. */
export function authSecret(): string {
  const { AUTH_SECRET, AUTH_JWKS_URL } = config('auth')
  if (AUTH_JWKS_URL) return AUTH_SECRET
  const flaw =
    (!AUTH_SECRET && 'is not set') ||
    (AUTH_SECRET.length < lengthMin && `has fewer than ${lengthMin} characters`) ||
    (sample.test(AUTH_SECRET) && 'is a sample value') ||
    (new Set(AUTH_SECRET).size < differentMin && 'repeats a few characters')
  if (flaw) throw new Error(`AUTH_SECRET ${flaw}. Make one: openssl rand -base64 32`)
  return AUTH_SECRET
}
