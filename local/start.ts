/** `npm start`: the whole system in one process, on an embedded Postgres. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../shared/data/migrate.ts'
import { config, configure } from '../shared/runtime/config.ts'
import { addDemo, demo } from './demo.ts'
import { becomeOwner } from './owner.ts'
import { startPostgres } from './postgres.ts'
import { ownSettings } from './settings.ts'
import { createStops, exitBy } from './stops.ts'
import { startSystem, type System } from './system.ts'
import { prepareWeb, serveWeb } from './web.ts'

const given = process.env
const directory = resolve(config('embedded').DATA_DIR)
await mkdir(directory, { recursive: true })
const owner = await becomeOwner(directory)
const stops = createStops()
stops.add(() => owner.release())
const exit = exitBy(stops)

try {
  await start()
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  const mend =
    code === 'EADDRINUSE' ? ' Something listens there already: PORT=3001 npm start takes another port.' : ''
  await exit(1, `Cannot start: ${message || code}.${mend}`)
}

async function start(): Promise<void> {
  const webPrepared = prepareWeb()
  configure({
    ...(await ownSettings(directory)),
    APP_API_TOKEN: randomBytes(24).toString('base64url'),
    DATABASE_POOL_SIZE: given['DATABASE_POOL_SIZE'] || '20',
    LOG_FORMAT: given['LOG_FORMAT'] || (process.stdout.isTTY ? 'pretty' : 'json'),
  })

  const server = given['DATABASE_URL']
    ? undefined
    : await startPostgres(join(directory, 'postgres'), { stops })
  if (server) configure({ DATABASE_URL: server.url('postgres') })
  const { DATABASE_URL } = config('database')
  const isNew = (await migrate(DATABASE_URL)).includes('0001_foundation.sql')

  const system = await startSystem(directory, (await webPrepared) ? serveWeb() : undefined)
  stops.add(() => drained(system))
  await owner.announce({ url: system.url, database_url: DATABASE_URL })
  const demoAdded = isNew && config('embedded').DEMO === 'true' && (await addDemo(system.url))

  process.stdout.write(`
  The task manager runs at ${system.url}
  API reference            ${system.url}/docs
  Data                     ${server ? directory : 'the server of DATABASE_URL'}
  Mails                    ${config('embedded').SMTP_URL ? 'the server of SMTP_URL' : join(directory, 'mail')}
${demoAdded ? `  Demo account             ${demo.email}, password ${demo.password}\n` : ''}  Stop                     Ctrl-C
\n`)
}

/** What does not end in time is cut off by the exit of the process, after everything else has ended. */
async function drained(system: System): Promise<void> {
  const { DRAIN_TIMEOUT_MS } = config('http')
  const tooLong = sleep(DRAIN_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`Requests that ran for more than ${DRAIN_TIMEOUT_MS} ms were cut off.`)
  })
  await Promise.race([system.stop(), tooLong])
}
