/** `npm start` as a process of its own, for browsers to talk to. */
import { spawn, type ChildProcess } from 'node:child_process'
import { freePort } from '../../local/postgres.ts'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'

export type WebSystem = {
  url: string
  /** Ends the process and keeps its data. */
  halt(): Promise<void>
  /** Starts it again, at the same address, unless it runs. */
  resume(): Promise<void>
  /** Ends it and removes everything. */
  remove(): Promise<void>
}

export async function startWebSystem(): Promise<WebSystem> {
  const directory = await temporaryDirectory()
  const port = await freePort()
  let child: ChildProcess | undefined

  async function resume(): Promise<void> {
    if (child?.exitCode === null) return
    let output = ''
    const started = spawn(process.execPath, ['local/start.ts'], {
      env: {
        PATH: process.env['PATH'],
        DATA_DIR: directory.path,
        PORT: String(port),
        DEMO: 'false',
        LOG_LEVEL: 'warn',
        SIGN_IN_RATE_LIMIT: '1000',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    await until(() => output.includes('runs at') || started.exitCode !== null, 120_000)
    if (started.exitCode !== null) throw new Error(`It ended with ${started.exitCode}: ${output}`)
  }

  async function halt(): Promise<void> {
    const exited = new Promise((resolve) => child!.once('exit', resolve))
    child!.kill('SIGTERM')
    await exited
  }

  await resume()
  return {
    url: `http://localhost:${port}`,
    halt,
    resume,
    async remove() {
      if (child?.exitCode === null) await halt()
      await directory.remove()
    },
  }
}
