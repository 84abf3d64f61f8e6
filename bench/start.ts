/** From the start of the process to the first answer of a bundled function, against `node -e 0`. */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { freePort } from '../local/postgres.ts'
import { median, print } from './report.ts'

const rounds = 25

export async function start(): Promise<void> {
  const bare: number[] = []
  const health: number[] = []
  const refusal: number[] = []
  for (let round = 0; round < rounds; round++) {
    bare.push(await timeBare())
    health.push(await timeFirstAnswer('/healthz', '200'))
    refusal.push(await timeFirstAnswer('/api/tasks/00000000-0000-4000-8000-000000000000', '401'))
  }
  const ratio = (times: number[]) => median(times) / median(bare)
  print({
    name: 'start',
    what: `first 200 of task-get (${ms(health)}) / node -e 0 (${ms(bare)})`,
    value: ratio(health),
    unit: 'x',
    goal: 2.4,
    better: 'lower',
  })
  print({
    name: 'start',
    what: `first 401 of task-get (${ms(refusal)}) / node -e 0`,
    value: ratio(refusal),
    unit: 'x',
    goal: 2.4,
    better: 'lower',
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

/** Asks over a bare socket, again as soon as a connection is refused, until the function has answered. */
async function timeFirstAnswer(path: string, status: string): Promise<number> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['dist/task-get/main.mjs'], {
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
    },
    stdio: 'ignore',
  })
  try {
    for (;;) {
      const answer = await ask(port, path)
      if (answer?.startsWith(`HTTP/1.1 ${status}`)) return performance.now() - startedAt
      if (answer) throw new Error(`task-get answered ${answer.slice(0, 40)}`)
      if (child.exitCode !== null) throw new Error('task-get ended. Run `npm run build` first.')
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  } finally {
    child.kill('SIGKILL')
  }
}

function ask(port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`),
    )
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.once('error', () => resolve(undefined))
    socket.once('close', () => resolve(answer || undefined))
  })
}
