/**
 * From the start of the process to the first answer of a bundled function, against `node -e 0`. A bare Hono app on the same
 * server, bundled as one usually is, runs beside it.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'
import { freePort } from '../local/postgres.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'
import { median, print } from './report.ts'

const rounds = 25

export async function start(): Promise<void> {
  const directory = await temporaryDirectory()
  const hello = join(directory.path, 'hello.mjs')
  await buildHello(hello)
  const bare: number[] = []
  const floor: number[] = []
  const task: number[] = []
  for (let round = 0; round < rounds; round++) {
    bare.push(await timeBare())
    floor.push(await timeFirstAnswer(hello))
    task.push(await timeFirstAnswer('dist/task-get/main.cjs'))
  }
  await directory.remove()
  const against = (times: number[], reference: number[]) => median(times) / median(reference)
  const common = { name: 'start', unit: 'x', better: 'lower' } as const
  print({
    ...common,
    what: `first answer of task-get (${ms(task)}) / node -e 0 (${ms(bare)})`,
    value: against(task, bare),
    goal: 2.4,
  })
  print({
    ...common,
    what: `task-get / a bare Hono app (${ms(floor)})`,
    value: against(task, floor),
    goal: 1,
  })
}

const ms = (times: number[]) => `${median(times).toFixed(0)} ms`

function timeBare(): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve) =>
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', () =>
      resolve(performance.now() - startedAt),
    ),
  )
}

/** Asks as soon as the process says that it listens: asking earlier, again and again, would slow down what is measured. */
async function timeFirstAnswer(file: string): Promise<number> {
  const port = await freePort()
  const env = { PORT: String(port), HOST: '127.0.0.1', DATABASE_URL: 'postgres://127.0.0.1:1/none' }
  const startedAt = performance.now()
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve())
      child.once('exit', () => reject(new Error(`${file} ended. Run \`npm run build\` first.`)))
    })
    const reply = await fetch(`http://127.0.0.1:${port}/healthz`)
    const elapsed = performance.now() - startedAt
    if (!reply.ok) throw new Error(`${file} answered ${reply.status}.`)
    return elapsed
  } finally {
    child.removeAllListeners('exit').kill('SIGKILL')
  }
}

/** In one file, which loads what Hono loads. */
async function buildHello(outfile: string): Promise<void> {
  const contents = `
    import { serve } from '@hono/node-server'
    import { Hono } from 'hono'
    const app = new Hono().get('/healthz', (c) => c.json({ status: 'ok' }))
    serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' }, () => console.log('listening'))`
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
  })
}
