/** `npm start` as a process of its own, for browsers to talk to. */
import { spawn, type ChildProcess } from 'node:child_process'
import { freePort } from '../../local/postgres.ts'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'

export type WebSystem = {
  url: string
  /** Ends the process and keeps its data. */
  halt(): Promise<void>
  /** Starts it again, at the same address. */
  resume(): Promise<void>
  /** Ends it and removes everything. */
  remove(): Promise<void>
}

export async function startWebSystem(): Promise<WebSystem> {
  const directory = await temporaryDirectory()
  const port = await freePort()
  let child: ChildProcess

  async function resume(): Promise<void> {
    let output = ''
    child = spawn(process.execPath, ['local/start.ts'], {
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
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    await until(() => output.includes('runs at') || child.exitCode !== null, 120_000)
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output}`)
  }

  async function halt(): Promise<void> {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await exited
  }

  await resume()
  return {
    url: `http://localhost:${port}`,
    halt,
    resume,
    async remove() {
      if (child.exitCode === null) await halt()
      await directory.remove()
    },
  }
}
