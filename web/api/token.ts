/**
 * The access token of this page: a JWT of an hour at most, in memory only. The session is Better Auth's HttpOnly cookie, which
 * no script can read; it buys a new token after a reload and before the old one ends.
 */
import { addressOf } from './address.ts'
import { ApiError, readProblem } from './error.ts'

const renewBeforeMs = 60_000
const timeoutMs = 15_000

let token: { jwt: string; endsAt: number } | undefined
let renewing: Promise<string> | undefined

/** A token that holds for a minute or more. Throws an `ApiError` of code `unauthorized` when nobody is signed in. */
export async function accessToken(): Promise<string> {
  if (token && token.endsAt - renewBeforeMs > Date.now()) return token.jwt
  renewing ??= renew().finally(() => (renewing = undefined))
  return renewing
}

/** Forgets the token: it was refused, or its owner has left. */
export function forgetToken(): void {
  token = undefined
}

async function renew(): Promise<string> {
  const { url } = addressOf('auth-token')
  const reply = await fetch(url, { credentials: 'include', signal: AbortSignal.timeout(timeoutMs) })
  if (!reply.ok) throw await readProblem(reply)
  const { token: jwt } = (await reply.json()) as { token?: unknown }
  if (typeof jwt !== 'string') throw new ApiError(0, 'nonsense')
  token = { jwt, endsAt: endOf(jwt) }
  return jwt
}

/** `exp` of a JWT in milliseconds; a token that does not say it is used once. */
function endOf(jwt: string): number {
  try {
    const payload = atob(jwt.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))
    return (JSON.parse(payload) as { exp: number }).exp * 1000
  } catch {
    return 0
  }
}
