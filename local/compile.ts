/** The compiled code of a built function, which saves its start from compiling it. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'

/** What a function needs in order to start; nobody listens at this database. */
const settings = () => ({
  PORT: '0',
  HOST: '127.0.0.1',
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
  AUTH_SECRET: randomBytes(32).toString('base64url'),
})

/**
 * Starts the function in `directory` once, asks it what a cluster asks first, and lets it leave there what it has compiled.
 * Throws when it does not start.
 */
export async function compile(directory: string): Promise<void> {
  const child = fork(`${directory}/main.cjs`, { env: settings(), execArgv: [], silent: true })
  const ended = once(child, 'exit') as Promise<[code: number | null]>
  const [line] = (await Promise.race([once(child.stdout!, 'data'), ended])) as [unknown]
  const port = /"listening".*"port":(\d+)/.exec(String(line))?.[1]
  if (port === undefined) {
    child.kill()
    throw new Error(`${directory} does not start: ${String(line)}`)
  }
  for (const path of ['healthz', 'readyz']) await fetch(`http://127.0.0.1:${port}/${path}`)
  child.send('leave')
  const [code] = await ended
  if (code !== 0) throw new Error(`${directory} ended with ${code}.`)
}
