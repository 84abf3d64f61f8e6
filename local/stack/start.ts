/** `npm run stack`: the whole system on its real parts. */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { migrate } from '../../shared/data/migrate.ts'
import { config, configure } from '../../shared/runtime/config.ts'
import { addDemo, demo } from '../demo.ts'
import { becomeOwner } from '../owner.ts'
import { startPostgres } from '../postgres.ts'
import { hereUrl, ownSettings } from '../settings.ts'
import { createStops, exitBy } from '../stops.ts'
import { Missing } from './missing.ts'
import { servePage } from './page.ts'
import { tcp, type Part } from './part.ts'
import { portOf, taken } from './ports.ts'
import { endLeftovers } from './processes.ts'
import { startStack, type Stack } from './stack.ts'

const { values: options } = parseArgs({ options: { 'without-apps': { type: 'boolean' } } })
const given = process.env
const say = (text: string) => process.stdout.write(`${text}\n`)

const directory = resolve(config('embedded').DATA_DIR)
await mkdir(directory, { recursive: true })
const owner = await becomeOwner(directory)
const stops = createStops()
stops.add(() => owner.release())
const exit = exitBy(stops)

const { PORT } = config('http')
const here = hereUrl()
const appToken = randomBytes(24).toString('base64url')

try {
  configure(await ownSettings(directory))
  await endLeftovers(join(directory, 'stack'))
  await refuseTakenPorts()
  const database = await reachDatabase()
  const isNew = (await migrate(config('database').DATABASE_URL)).includes('0001_foundation.sql')
  const settings = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]),
  )
  const stack = await startStack({
    directory,
    settings,
    appToken,
    withoutApps: options['without-apps'] ?? false,
    tell: say,
    stops,
  })
  const parts = [database, ...stack.parts]
  const page = await servePage(portOf('page'), { url: here, directory, parts: () => parts })
  stops.add(async () => void page.close())
  await owner.announce({ url: here, database_url: config('database').DATABASE_URL })
  const demoAdded = isNew && config('embedded').DEMO === 'true' && (await addDemo(here))
  say(await greeting(demoAdded, stack))
} catch (error) {
  await exit(error instanceof Missing ? 2 : 1, `Cannot start: ${(error as Error).message}`)
}

async function refuseTakenPorts(): Promise<void> {
  const busy = await taken([PORT, portOf('page'), portOf('kafka'), portOf('smtp')])
  if (busy.length > 0) {
    throw new Error(
      `Something listens on port ${busy.join(' and ')} already. Others are taken with PORT=3001 STACK_PORTS=14000 npm run stack.`,
    )
  }
}

async function reachDatabase(): Promise<Part> {
  const server = given['DATABASE_URL']
    ? undefined
    : await startPostgres(join(directory, 'postgres'), { stops })
  if (server) configure({ DATABASE_URL: server.url('postgres') })
  const { DATABASE_URL } = config('database')
  const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} })
  const [row] = await sql<[{ server_version: string }]>`show server_version`
  await sql.end()
  const { hostname, port } = new URL(DATABASE_URL)
  return {
    name: 'postgres',
    version: row.server_version,
    address: `${hostname}:${port || 5432}`,
    problem: tcp(hostname, Number(port || 5432)),
  }
}

async function greeting(demoAdded: boolean, { parts }: Stack): Promise<string> {
  const lines = [
    ['The task manager runs at', here],
    ['Parts', `http://localhost:${portOf('page')} (${parts.length + 1} of them)`],
    ['Data', directory],
    ...(demoAdded ? [['Demo account', `${demo.email}, password ${demo.password}`]] : []),
    ...(options['without-apps'] ? [['Functions', await howToRunApps()]] : []),
    ['Stop', 'Ctrl-C'],
  ]
  return `\n${lines.map(([what, text]) => `  ${what!.padEnd(25)}${text}`).join('\n')}\n`
}

/** For the Dapr CLI: what the functions read, in a file that only its owner reads. */
async function howToRunApps(): Promise<string> {
  const file = join(directory, 'stack/environment')
  const names = ['DATABASE_URL', 'APP_URL']
  const lines = names.map((name) => `export ${name}='${process.env[name]}'`)
  await writeFile(
    file,
    [...lines, `export APP_API_TOKEN='${appToken}'`, 'export NAMESPACE=todo', ''].join('\n'),
    { mode: 0o600 },
  )
  return `. ${file} && dapr run -f ${join(directory, 'stack/dapr.yaml')}`
}
