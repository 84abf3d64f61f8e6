/** What the wake-up of the relay costs: writes per second with it, and without. */
import { setInterval } from 'node:timers'
import { closeDatabase } from '../shared/data/sql.ts'
import { onWake, wake } from '../shared/data/signal.ts'
import { signIn } from '../shared/testing/user.ts'
import { capture, pgbench } from './creates.ts'
import { median, print } from './report.ts'
import { startDatabase } from './server.ts'

const rounds = 7

/** `wake()` is called once a millisecond, as a busy process would; what it lets through is at most one in ten. */
export async function signal(): Promise<void> {
  const bench = await startDatabase()
  try {
    const statement = await capture(await signIn(), bench.url)
    let heard = 0
    const unlisten = await onWake(() => heard++)
    const ratios: number[] = []
    for (let round = 0; round < rounds; round++) {
      const without = await pgbench(bench.url, statement)
      const waking = setInterval(wake, 1)
      const withSignal = await pgbench(bench.url, statement)
      clearInterval(waking)
      ratios.push(withSignal / without)
    }
    await unlisten()
    if (heard < rounds * 100) throw new Error(`Only ${heard} wake-ups were heard.`)
    print({
      name: 'signal',
      what: 'writes/s with the wake-up / without',
      value: median(ratios),
      unit: 'x',
      goal: 0.97,
      better: 'higher',
    })
  } finally {
    await closeDatabase()
    await bench.stop()
  }
}
