/** Processes of the stack: each in a group of its own, started again when it ends by itself, as a cluster would. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandOf } from '../command.ts'
import { readRecord, writeRecord } from '../record.ts'

export type Program = {
  name: string
  command: string
  args: string[]
  /** The whole environment. */
  env: Record<string, string>
  cwd?: string
  /** From the request to end until it is made to end. Empty: 10 s. */
  graceMs?: number
}

export type Supervised = {
  name: string
  pid(): number | undefined
  /** How often it was started again, and how it ended the last time. */
  restarts(): number
  lastEnd(): string | undefined
  /** Starts it, again after `stop`. */
  start(): Promise<void>
  /** Sends a signal and leaves the rest to supervision. */
  signal(signal: NodeJS.Signals): void
  /** Ends it for good: asks with SIGTERM, insists after `graceMs`. */
  stop(): Promise<void>
}

const graceMs = 10_000
const pauseMsMin = 500
/** Short: a sidecar ends when it finds no broker, and what waits for it is waiting for this pause once there is one. */
const pauseMsMax = 2_000
/** What ran for so long had started well: the next pause is short again. */
const wellMs = 30_000

/** Supervises a program; its output goes to `logs/<name>.log` below `directory`. */
export function supervise(program: Program, directory: string): Supervised {
  const log = join(directory, 'logs', `${program.name}.log`)
  const record = join(directory, 'processes', `${program.name}.json`)
  let child: ChildProcess | undefined
  let exited: Promise<void> = Promise.resolve()
  let wanted = false
  let restarts = 0
  let failures = 0
  let lastEnd: string | undefined
  let pause: NodeJS.Timeout | undefined

  async function launch(): Promise<void> {
    await Promise.all([log, record].map((path) => mkdir(join(path, '..'), { recursive: true })))
    if (!wanted) return
    const output = openSync(log, 'a')
    const startedAt = Date.now()
    const running = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.env,
      // A group of its own: Ctrl-C in the terminal reaches us, and through us the others in their order.
      detached: true,
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    child = running
    exited = new Promise((resolve) => {
      const ended = (how: string) => {
        child = undefined
        resolve()
        if (!wanted) return
        lastEnd = how
        failures = Date.now() - startedAt > wellMs ? 0 : failures + 1
        pause = setTimeout(relaunch, Math.min(pauseMsMax, pauseMsMin * 2 ** Math.max(0, failures - 1)))
      }
      running.once('error', (error) => ended(error.message))
      running.once('exit', (code, signal) => ended(signal ?? `code ${code}`))
    })
    const { pid } = running
    if (pid) await writeRecord(record, { pid, command: await commandOf(pid) } satisfies Leftover)
  }

  const relaunch = () => {
    restarts++
    launch().catch((error: Error) => (lastEnd = error.message))
  }

  return {
    name: program.name,
    pid: () => child?.pid,
    restarts: () => restarts,
    lastEnd: () => lastEnd,
    async start() {
      if (wanted) return
      wanted = true
      failures = 0
      await launch()
    },
    signal: (signal) => void child?.kill(signal),
    async stop() {
      wanted = false
      clearTimeout(pause)
      const insist = setTimeout(() => child?.kill('SIGKILL'), program.graceMs ?? graceMs)
      // A frozen process hears nothing else.
      child?.kill('SIGCONT')
      child?.kill('SIGTERM')
      await exited
      clearTimeout(insist)
      await rm(record, { force: true })
    },
  }
}

/**
 * Ends what a killed run of ours left behind in `directory`. It is recognised by its whole command: the number alone may
 * belong to anybody now.
 */
export async function endLeftovers(directory: string): Promise<void> {
  const folder = join(directory, 'processes')
  for (const file of await readdir(folder).catch(() => [])) {
    const { pid, command } = await readRecord<Leftover>(join(folder, file))
    if (pid && command && (await commandOf(pid)) === command) {
      process.kill(pid, 'SIGKILL')
      while ((await commandOf(pid)) === command) await sleep(20)
    }
    await rm(join(folder, file), { force: true })
  }
}

type Leftover = { pid: number; command: string | undefined }
