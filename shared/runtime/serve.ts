/** The server around one function: the entry that the build puts in front of each handler. */
import { serve as listen } from '@hono/node-server'
import type { Hono } from 'hono'
import { closeDatabase } from '../data/sql.ts'
import type { Env } from '../http/env.ts'
import { config } from './config.ts'
import { drain } from './drain.ts'
import { log } from './log.ts'
import { checkStart } from './start.ts'

/** Serves `app` as the function `functionName` until SIGTERM or SIGINT, then lets running requests end. */
export function serve(functionName: string, app: Hono<Env>): void {
  start(functionName)
  const { PORT, HOST, DRAIN_TIMEOUT_MS } = config('http')
  const server = listen(
    {
      fetch: (request, { incoming }) =>
        app.fetch(request, { functionName, address: incoming.socket.remoteAddress }),
      port: PORT,
      ...(HOST && { hostname: HOST }),
      serverOptions: { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 },
    },
    ({ port }) => log.info('listening', { function: functionName, port }),
  )
  const stop = () => {
    setTimeout(() => process.exit(1), DRAIN_TIMEOUT_MS).unref()
    server.close(() => {
      void drain()
        .then(closeDatabase)
        .then(() => process.exit(0))
    })
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** Ends the process where a check fails. Thrown, the message would drown in the line of the bundle that threw it. */
function start(functionName: string): void {
  try {
    checkStart()
  } catch (error) {
    log.error('cannot start', { function: functionName, error: (error as Error).message })
    process.exit(1)
  }
}
