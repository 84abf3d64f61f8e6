/** `npm run dead-letters`: looks at dead letters and sends them again. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DeadLetter } from '../shared/contract/dead-letter.ts'
import { findDeadLetter, listDeadLetters, replayMax, replayOne, replayRange } from '../shared/data/replay.ts'
import { closeDatabase } from '../shared/data/sql.ts'
import { config, configure } from '../shared/runtime/config.ts'
import type { Owner } from './owner.ts'
import { readRecord } from './record.ts'

const usage = `Dead letters: events that could not be handled.

  npm run dead-letters -- list                                    the newest 100
  npm run dead-letters -- show <id>                               one, with its body
  npm run dead-letters -- replay <id>                             sends it again
  npm run dead-letters -- replay --from <instant> --to <instant>  sends those stored then again

The database is that of DATABASE_URL, or else of the task manager that runs on DATA_DIR.
`

/** A sentence for whoever typed the command. */
class Refusal extends Error {}

const commands: Record<string, (id: string | undefined, range: Range) => Promise<string>> = {
  list,
  show,
  replay,
}
type Range = { from?: string | undefined; to?: string | undefined }

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { from: { type: 'string' }, to: { type: 'string' } },
    })
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${usage}`)
  }
}

async function databaseUrl(): Promise<string> {
  const { DATABASE_URL: given } = process.env
  if (given) return given
  const path = join(config('embedded').DATA_DIR, 'running.json')
  const { database_url } = await readRecord<Owner>(path)
  if (!database_url) {
    throw new Refusal(
      `Nothing runs on ${config('embedded').DATA_DIR}. Start it with npm start, or set DATABASE_URL.`,
    )
  }
  return database_url
}

async function list(): Promise<string> {
  const letters = await listDeadLetters(100)
  if (letters.length === 0) return 'There are no dead letters.'
  return letters.map(line).join('\n')
}

const line = ({ id, created_at, state, topic, consumer, attempts, error }: DeadLetter) =>
  [
    id,
    created_at.slice(0, 19) + 'Z',
    state.padEnd(8),
    (topic ?? '-').padEnd(18),
    (consumer ?? '-').padEnd(18),
    `${attempts ?? '?'} attempts`.padEnd(12),
    printable(error).slice(0, 100),
  ].join('  ')

/** Bodies and errors are strangers' text: a terminal must not obey them. */
const printable = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')

async function show(id: string | undefined): Promise<string> {
  const letter = await findDeadLetter(known(id))
  if (!letter) throw new Refusal(`There is no dead letter ${id}.`)
  return JSON.stringify(letter, null, 2).split('\n').map(printable).join('\n')
}

async function replay(id: string | undefined, { from, to }: Range): Promise<string> {
  if (id !== undefined && from === undefined && to === undefined) return replayId(known(id))
  if (id !== undefined || from === undefined || to === undefined) {
    throw new Refusal('Give the id of one dead letter, or --from and --to.')
  }
  const { replayed, missing } = await replayRange(instant(from), instant(to))
  return [
    `${replayed} sent again.`,
    ...(replayed === replayMax ? ['There may be more: run it again.'] : []),
    ...(missing > 0
      ? [`${missing} cannot be: the log does not have their events. Look at them with show.`]
      : []),
  ].join(' ')
}

async function replayId(id: string): Promise<string> {
  const letter = await findDeadLetter(id)
  if (!letter) throw new Refusal(`There is no dead letter ${id}.`)
  if (await replayOne(id)) return `Event ${letter.event_id} is sent again.`
  throw new Refusal(
    letter.event_id
      ? `Event ${letter.event_id} is not in the log: it is too old, its task is gone, or it was never ours. It cannot be sent again.`
      : 'What was stored is no event of ours: it cannot be sent again. Look at it with show.',
  )
}

function known(id: string | undefined): string {
  if (id === undefined || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new Refusal('Give the id of a dead letter, as list shows it.')
  }
  return id
}

function instant(text: string): string {
  try {
    return Temporal.Instant.from(text).toString()
  } catch {
    throw new Refusal(`${text} is not an instant. Write it as 2026-01-15T09:00:00Z.`)
  }
}

function sentence(error: NodeJS.ErrnoException): string {
  if (error instanceof Refusal) return error.message
  return `The database did not answer as expected: ${error.message || error.code}`
}

try {
  const { positionals, values } = parsed()
  const [name = '', id, ...rest] = positionals
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command || rest.length > 0) throw new Refusal(usage)
  configure({ DATABASE_URL: await databaseUrl(), LOG_LEVEL: 'warn' })
  process.stdout.write(`${await command(id, values)}\n`)
} catch (error) {
  process.stderr.write(`${sentence(error as NodeJS.ErrnoException)}\n`)
  process.exitCode = 1
} finally {
  await closeDatabase()
}
