/**
 * The access token of this page: a JWT of an hour at most, in memory only. The session is Better Auth's HttpOnly cookie, which
 * no script can read; it buys a new token after a reload and before the old one ends. The cookie belongs to all pages of the
 * browser: in another one somebody else may have signed in, whose token is not for what this page shows and sends.
 */
import { addressOf } from './address.ts'
import { ApiError, readProblem } from './error.ts'

const renewBeforeMs = 60_000
const timeoutMs = 15_000

type Token = { jwt: string; user: string; endsAt: number }

let token: Token | undefined
let renewing: Promise<string> | undefined
let owner: { user: string; replaced: () => void } | undefined

/** A token that holds for a minute or more. Throws an `ApiError` of code `unauthorized` when its owner is not signed in. */
export async function accessToken(): Promise<string> {
  if (token && token.endsAt - renewBeforeMs > Date.now()) return token.jwt
  renewing ??= renew().finally(() => (renewing = undefined))
  return renewing
}

/** From now on the page is this user's. `replaced` is told when somebody else is signed in instead. */
export function bindToken(user: string, replaced: () => void): void {
  owner = { user, replaced }
  if (token?.user !== user) forgetToken()
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
  const told = read(jwt)
  if (owner && told.user !== owner.user) {
    owner.replaced()
    throw new ApiError(401, 'unauthorized')
  }
  token = told
  return told.jwt
}

/** What a JWT says of itself. */
function read(jwt: unknown): Token {
  try {
    const payload = atob(String(jwt).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))
    const { sub, exp } = JSON.parse(payload) as { sub: string; exp: number }
    return { jwt: String(jwt), user: sub, endsAt: exp * 1000 }
  } catch {
    throw new ApiError(0, 'nonsense')
  }
}
