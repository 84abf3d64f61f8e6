/**
 * What pages of another origin may do with the API: the app, when it comes from a bucket. The gateway of a cluster does the
 * same (`local/render/cors.ts`). Protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import { cors } from 'hono/cors'
import type { MiddlewareHandler } from 'hono'
import { rows } from '../functions/manifest.ts'
import type { Env } from '../shared/http/env.ts'

export const crossOrigin = {
  methods: [...new Set(rows.flatMap(([, row]) => (row.trigger === 'http' ? row.methods : [])))],
  requestHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'],
  /** What scripts may read, beyond the few headers that they always may. */
  replyHeaders: ['etag', 'idempotency-replayed', 'location', 'retry-after', 'x-request-id'],
  /** Chromium remembers the answer to a preflight no longer. */
  maxAgeSeconds: 7_200,
}

/** Lets pages of these origins read replies. What comes without `Origin`, as most does, is left alone. */
export function allowOrigins(origins: string[]): MiddlewareHandler<Env> {
  const answer = cors({
    origin: origins,
    // The session is a cookie.
    credentials: true,
    allowMethods: crossOrigin.methods,
    allowHeaders: crossOrigin.requestHeaders,
    exposeHeaders: crossOrigin.replyHeaders,
    maxAge: crossOrigin.maxAgeSeconds,
  })
  return async (c, next) => (c.req.header('origin') === undefined ? next() : answer(c, next))
}
