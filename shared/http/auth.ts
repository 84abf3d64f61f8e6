/** `requireUser`: the caller of a request, from a JWT that our issuer (or a configured one) signed. */
import { createMiddleware } from 'hono/factory'
import { Problem } from '../contract/problem.ts'
import type { Env } from './env.ts'
import { idempotent } from './idempotency.ts'
import { verifyToken } from './token.ts'

/**
 * Sets `c.var.userId`, or answers 401. A POST with an `Idempotency-Key` is answered once: keys belong to a user, so this
 * is the place where both are known.
 */
export const requireUser = createMiddleware<Env>(async (c, next) => {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (!token)
    throw unauthorized('Send the header `Authorization: Bearer <token>` with a token of /api/auth/token.')
  const userId = await verifyToken(token)
  if (userId === undefined) {
    throw unauthorized(
      'The token is not valid or has expired. Get a new one at /api/auth/token.',
      'invalid_token',
    )
  }
  c.set('userId', userId)
  return idempotent(c, next)
})

const unauthorized = (detail: string, error?: 'invalid_token') =>
  new Problem('unauthorized', detail, {
    headers: { 'www-authenticate': error ? `Bearer error="${error}"` : 'Bearer' },
  })
