/** All functions, their broker, their clock and their mail in one process, on a database that is there already. */
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { closeDatabase } from '../shared/data/sql.ts'
import { useSidecar } from '../shared/dapr/sidecar.ts'
import { config } from '../shared/runtime/config.ts'
import { drain } from '../shared/runtime/drain.ts'
import type { Env } from '../shared/http/env.ts'
import { checkStart } from '../shared/runtime/start.ts'
import { createBroker } from './broker.ts'
import { startClock } from './clock.ts'
import { createGateway, loadFunctions } from './host.ts'
import { fileMailer, smtpMailer } from './mail.ts'

export type System = {
  url: string
  /** Ends in the order of the data: no new requests, no new ticks, what runs to its end, then the connections. */
  stop(): Promise<void>
}

/**
 * Starts the system; mails go to `SMTP_URL`, or as files to `directory`/mail, and `web` serves the pages. Rejects when the port
 * is taken.
 */
export async function startSystem(directory: string, web?: MiddlewareHandler<Env>): Promise<System> {
  const functions = await loadFunctions()
  checkStart()
  const { SMTP_URL } = config('embedded')
  const mailer = SMTP_URL ? smtpMailer(SMTP_URL) : fileMailer(join(directory, 'mail'))
  useSidecar({
    publish: createBroker(functions),
    sendMail: async (begin) => {
      const mail = await begin()
      if (mail) await mailer(mail)
    },
  })

  const { PORT, HOST } = config('http')
  const gateway = createGateway(functions, web)
  const server = serve({
    fetch: (request, { incoming }) =>
      gateway.fetch(request, { functionName: 'gateway', address: incoming.socket.remoteAddress }),
    port: PORT,
    ...(HOST && { hostname: HOST }),
  })
  await new Promise<void>((listening, failed) => {
    server.once('listening', listening)
    server.once('error', failed)
  })
  const stopClock = startClock(functions)

  return {
    url: `http://localhost:${(server.address() as { port: number }).port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      if ('closeIdleConnections' in server) server.closeIdleConnections()
      await closed
      await stopClock()
      await drain()
      await closeDatabase()
    },
  }
}
