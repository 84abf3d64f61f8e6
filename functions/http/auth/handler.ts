/** Signs people up, in and out, and exchanges a session for the JWT that every other function takes. Better Auth does it. */
import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { Problem } from '../../../shared/contract/problem.ts'
import { createApp } from '../../../shared/http/app.ts'
import type { Env } from '../../../shared/http/env.ts'
import { body } from '../../../shared/http/validate.ts'
import { config } from '../../../shared/runtime/config.ts'
import { onStart } from '../../../shared/runtime/start.ts'
import { limitTries } from './limit.ts'
import { operations, takesPassword } from './schema.ts'
import { authSecret } from './secret.ts'
import { inTurn } from './turns.ts'

type Listed = MiddlewareHandler<Env, string, { in: { json: unknown }; out: { json: object | undefined } }>

/** Only what is listed exists: Better Auth would serve two dozen more paths, nobody's responsibility and everybody's reach. */
const listed: Listed = createMiddleware<Env>(async (c, next) => {
  const { AUTH_JWKS_URL, AUTH_ISSUER } = config('auth')
  if (AUTH_JWKS_URL) throw new Problem('not_found', `Accounts are kept elsewhere. Sign in at ${AUTH_ISSUER}.`)
  const schema = operations.get(`${c.req.method} ${c.req.path}`)
  if (!schema) throw new Problem('not_found', `Nothing is served at ${c.req.method} ${c.req.path}.`)
  await body(schema)(c, async () => {
    if (!takesPassword(schema)) return next()
    await limitTries(c)
    return inTurn(next)
  })
})

export default createApp().on(['GET', 'POST'], '/api/auth/*', listed, async (c) => {
  // Loaded by the first request, not by the start: it is most of this function's size and time.
  const { answer } = await import('./better-auth.ts')
  const reply = await answer(c.req.raw, c.req.valid('json'))
  const isPublic = c.req.path.endsWith('/jwks')
  reply.headers.set('cache-control', isPublic ? 'public, max-age=300' : 'no-store')
  return reply
})

onStart(authSecret)
