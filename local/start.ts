/** `npm start`: the whole system in one process, on an embedded Postgres. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { migrate } from '../shared/data/migrate.ts'
import { closeDatabase } from '../shared/data/sql.ts'
import { useSidecar } from '../shared/dapr/sidecar.ts'
import { config, configure } from '../shared/runtime/config.ts'
import { drain } from '../shared/runtime/drain.ts'
import { createBroker } from './broker.ts'
import { startClock } from './clock.ts'
import { addDemo, demo } from './demo.ts'
import { createGateway, loadFunctions } from './host.ts'
import { fileMailer, smtpMailer } from './mail.ts'
import { becomeOwner } from './owner.ts'
import { startPostgres } from './postgres.ts'

const { DATA_DIR } = config('embedded')
const directory = resolve(DATA_DIR)
await mkdir(directory, { recursive: true })
const owner = await becomeOwner(directory)

configure({
  APP_API_TOKEN: randomBytes(24).toString('base64url'),
  AUTH_SECRET: process.env['AUTH_SECRET'] || (await ownSecret()),
  DATABASE_POOL_SIZE: process.env['DATABASE_POOL_SIZE'] || '20',
  HOST: process.env['HOST'] || '127.0.0.1',
  LOG_FORMAT: process.env['LOG_FORMAT'] || (process.stdout.isTTY ? 'pretty' : 'json'),
  AUTH_URL: process.env['AUTH_URL'] || `http://localhost:${config('http').PORT}`,
  APP_URL: process.env['APP_URL'] || `http://localhost:${config('http').PORT}`,
})

const server = process.env['DATABASE_URL'] ? undefined : await startPostgres(join(directory, 'postgres'))
if (server) configure({ DATABASE_URL: server.url('postgres') })
const { DATABASE_URL } = config('database')
const isNew = (await migrate(DATABASE_URL)).includes('0001_foundation.sql')

const functions = await loadFunctions()
const { SMTP_URL, DEMO } = config('embedded')
useSidecar({
  publish: createBroker(functions),
  sendMail: SMTP_URL ? smtpMailer(SMTP_URL) : fileMailer(join(directory, 'mail')),
})

const { PORT, HOST, DRAIN_TIMEOUT_MS } = config('http')
const gateway = createGateway(functions)
const listener = serve({
  fetch: (request) => gateway.fetch(request, { functionName: 'gateway' }),
  port: PORT,
  hostname: HOST,
})
await new Promise<void>((listening, failed) => {
  listener.once('listening', listening)
  listener.once('error', failed)
}).catch(async (error: NodeJS.ErrnoException) => {
  const mend =
    error.code === 'EADDRINUSE' ? 'Something listens there already. Choose another: PORT=3001 npm start' : ''
  process.stderr.write(`Cannot listen on port ${PORT}: ${error.message}. ${mend}\n`)
  await stop(1)
})
const url = `http://localhost:${(listener.address() as { port: number }).port}`
await owner.announce(url)
const stopClock = startClock(functions)
const demoAdded = isNew && DEMO === 'true' && (await addDemo(url))

process.stdout.write(`
  The task manager runs at ${url}
  API reference            ${url}/openapi.json
  Data                     ${server ? directory : 'the server of DATABASE_URL'}
  Mails                    ${SMTP_URL ? 'SMTP_URL' : join(directory, 'mail')}
${demoAdded ? `  Demo account             ${demo.email}  password ${demo.password}\n` : ''}  Stop with Ctrl-C
\n`)

process.once('SIGINT', () => void stop(0))
process.once('SIGTERM', () => void stop(0))

/** Ends in the order of the data: no new requests, no new ticks, what runs to its end, then the database. */
async function stop(code: number): Promise<void> {
  process.stdout.write('Stopping ...\n')
  setTimeout(() => process.exit(1), DRAIN_TIMEOUT_MS).unref()
  await new Promise<void>((closed) => {
    listener.close(() => closed())
    ;(listener as { closeIdleConnections?: () => void }).closeIdleConnections?.()
  })
  await stopClock?.()
  await drain()
  await closeDatabase()
  await server?.stop()
  await owner.release()
  process.exit(code)
}

/** The secret of this data directory: made once, kept where only its owner reads it. */
async function ownSecret(): Promise<string> {
  const path = join(directory, 'auth-secret')
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept) return kept
  const secret = randomBytes(32).toString('base64url')
  await writeFile(path, secret, { mode: 0o600 })
  return secret
}
