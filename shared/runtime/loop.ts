/**
 * Work that is done as long as ticks keep coming. A cron binding fires every second; each tick lets the loop run for a
 * little longer than that, so the work between two ticks is done at its exact instants instead of at the next full second,
 * and a function that gets no ticks any more (scaled down, replaced) stops by itself.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { onWake, type Sleeper } from '../data/signal.ts'
import { withContext, type Context } from './context.ts'
import { onDrain } from './drain.ts'
import { errorFields, log } from './log.ts'
import { childTrace } from './trace.ts'

/** How long a tick keeps the loop alive. */
const leaseMs = 3_000
/** The longest sleep: wake-ups are signals, and a signal may be lost. */
const sleepMsMax = 1_000
const pauseMsMax = 5_000

/** Does a piece of work and answers how many milliseconds to sleep before the next; 0 means there is more to do. */
export type Step = () => Promise<number>

export type Loop = {
  /** Keeps the loop running; to be called by every tick. */
  tick(): void
  /** Ends it after the current step. */
  stop(): Promise<void>
}

export function createLoop(functionName: Sleeper, step: Step): Loop {
  let until = 0
  let running: Promise<void> | undefined
  let alarm = new AbortController()
  let heard = false
  let listening: Promise<() => Promise<void>> | undefined

  const listen = () => {
    listening ??= onWake(functionName, () => {
      heard = true
      alarm.abort()
    })
    // Until it succeeds the loop polls; the next step tries again.
    listening.catch(() => (listening = undefined))
  }

  async function run(): Promise<void> {
    let failures = 0
    while (Date.now() < until) {
      listen()
      heard = false
      let pauseMs: number
      try {
        pauseMs = Math.min(await runStep(functionName, step), sleepMsMax)
        failures = 0
      } catch (error) {
        pauseMs = Math.min(pauseMsMax, 100 * 2 ** failures++) * (0.5 + Math.random() / 2)
        log.error('step failed', {
          function: functionName,
          pause_ms: Math.round(pauseMs),
          ...errorFields(error),
        })
        heard = false
      }
      alarm = new AbortController()
      if (pauseMs > 0 && !heard) await sleep(pauseMs, undefined, { signal: alarm.signal }).catch(() => {})
    }
  }

  const loop: Loop = {
    tick() {
      until = Date.now() + leaseMs
      running ??= run().finally(() => (running = undefined))
    },
    async stop() {
      until = 0
      alarm.abort()
      await running
      const unlisten = await listening?.catch(() => undefined)
      listening = undefined
      await unlisten?.()
    },
  }
  onDrain(() => loop.stop())
  return loop
}

/** A step is a unit of work of its own, with a trace and a cause. It calls `wake()` itself, when it wrote something. */
function runStep(functionName: string, step: Step): Promise<number> {
  const work: Context = {
    requestId: randomUUID(),
    traceparent: childTrace(undefined),
    cause: { by: 'schedule', function: functionName },
    after: { wake: new Set() },
  }
  return withContext(work, step)
}
