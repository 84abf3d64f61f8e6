/** Structured logs: one JSON object a line, no titles, no tokens, no mail addresses. */
import { config } from './config.ts'

const levels = { debug: 10, info: 20, warn: 30, error: 40 }
type Level = keyof typeof levels
type Fields = Record<string, string | number | boolean | null | undefined>

function write(level: Level, message: string, fields: Fields = {}): void {
  const { LOG_LEVEL, LOG_FORMAT } = config('log')
  if (levels[level] < levels[LOG_LEVEL]) return
  const line =
    LOG_FORMAT === 'pretty'
      ? `${new Date().toISOString().slice(11, 23)} ${level.padEnd(5)} ${message} ${pretty(fields)}`
      : JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })
  process.stdout.write(`${line}\n`)
}

const pretty = (fields: Fields) =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

export const log = {
  debug: (message: string, fields?: Fields) => write('debug', message, fields),
  info: (message: string, fields?: Fields) => write('info', message, fields),
  warn: (message: string, fields?: Fields) => write('warn', message, fields),
  error: (message: string, fields?: Fields) => write('error', message, fields),
}

/** What a log may say of an error: kind, code and stack; Postgres errors carry data in `detail`, which stays out. */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error }
  const { code } = error as { code?: unknown }
  return { error: error.message, error_code: typeof code === 'string' ? code : undefined, stack: error.stack }
}
