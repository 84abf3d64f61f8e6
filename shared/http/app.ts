/** `createApp()`: what every function has around its one route. */
import { randomUUID } from 'node:crypto'
import { Hono, type Context as HonoContext } from 'hono'
import { createMiddleware } from 'hono/factory'
import { languageOf } from '../contract/language.ts'
import { Problem } from '../contract/problem.ts'
import { wake } from '../data/signal.ts'
import { withContext, type Context } from '../runtime/context.ts'
import { errorFields, log } from '../runtime/log.ts'
import { observeRequest } from '../runtime/metrics.ts'
import { childTrace } from '../runtime/trace.ts'
import type { Env } from './env.ts'
import { health } from './health.ts'

/** A Hono app with request context, one log line per request, metrics, health routes and problem details on error. */
export function createApp(): Hono<Env> {
  const app = new Hono<Env>()
  app.use(unitOfWork)
  app.onError(answerProblem)
  app.notFound((c) => answerProblem(new Problem('not_found', `Nothing is served at ${c.req.path}.`), c))
  return app.route('/', health)
}

/** One request is one unit of work: its id, trace and cause reach the log, the events it writes, and the reply. */
const unitOfWork = createMiddleware<Env>(async (c, next) => {
  const startedAt = performance.now()
  const requestId = acceptable(c.req.header('x-request-id')) ?? randomUUID()
  const functionName = c.env?.functionName ?? 'unnamed'
  const work: Context = {
    requestId,
    traceparent: childTrace(c.req.header('traceparent')),
    cause: {
      by: causes[c.req.path.split('/', 2)[1] ?? ''] ?? 'user',
      function: functionName,
      request_id: requestId,
    },
    language: languageOf(c.req.header('accept-language')),
    after: { wake: new Set() },
  }
  c.set('requestId', requestId)
  // Before there is a reply: adding a header to one makes another one of it, and a stream of its body.
  c.header('x-request-id', requestId)
  await withContext(work, next)
  if (!c.res.headers.has('x-request-id')) c.header('x-request-id', requestId)
  wake(work.after.wake)
  const seconds = (performance.now() - startedAt) / 1000
  observeRequest(functionName, c, seconds)
  const level = c.res.ok && everySecond.test(c.req.path) ? 'debug' : 'info'
  log[level]('request', {
    function: functionName,
    method: c.req.method,
    route: c.req.routePath,
    status: c.res.status,
    ms: Math.round(seconds * 1e4) / 10,
    request_id: requestId,
    trace_id: work.traceparent.slice(3, 35),
  })
})

const causes: Record<string, Context['cause']['by']> = { events: 'event', schedules: 'schedule' }

/** Probes and ticks, which would drown what people and events do. A failing one is told all the same. */
const everySecond = /^\/(healthz|readyz|metrics|schedules\/.*)$/

/** A caller's request id is kept when it is harmless: it ends up in logs and in the event log. */
const acceptable = (id: string | undefined) => (id && /^[\w.:-]{1,100}$/.test(id) ? id : undefined)

/** The one place where an error becomes a reply. What is not a `Problem` never shows its message. */
function answerProblem(error: Error, c: HonoContext<Env>): Response {
  const problem = error instanceof Problem ? error : unexpected(error)
  const requestId = c.get('requestId') ?? ''
  if (problem.status >= 500) {
    log.error('failed', {
      function: c.env?.functionName,
      request_id: requestId,
      ...errorFields(problem.cause ?? error),
    })
  }
  return c.json(problem.body(requestId), problem.status as 400, {
    'content-type': 'application/problem+json',
    ...problem.headers,
  })
}

/** Postgres and connection errors that pass by themselves are 503; everything else is our fault. */
function unexpected(error: Error): Problem {
  const { code = '' } = error as { code?: string }
  const passing = /^(08|53|57|40|55P03|CONNECT|CONNECTION|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code)
  return passing
    ? new Problem('unavailable', 'The database cannot be reached right now. Try again in a moment.', {
        cause: error,
        headers: { 'retry-after': '1' },
      })
    : new Problem(
        'internal',
        'The request could not be handled. Report the request id if it happens again.',
        {
          cause: error,
        },
      )
}
