/** What the wake-up of the relay costs: writes per second with it, and without. */
import { setInterval } from 'node:timers'
import { closeDatabase } from '../shared/data/sql.ts'
import { onWake, wake } from '../shared/data/signal.ts'
import { signIn } from '../shared/testing/user.ts'
import { capture, pgbench } from './creates.ts'
import { median, print } from './report.ts'
import { startDatabase } from './server.ts'

const rounds = 12
const roundSeconds = 3

/** `wake()` is called once a millisecond, as a busy process would; what it lets through is at most one in ten. */
export async function signal(): Promise<void> {
  const bench = await startDatabase()
  try {
    const statement = await capture(await signIn(), bench.url)
    let heard = 0
    const unlisten = await onWake('outbox-relay', () => heard++)
    const ratios: number[] = []
    const rate = async (signalled: boolean): Promise<number> => {
      const waking = signalled ? setInterval(wake, 1, ['outbox-relay']) : undefined
      const tps = await pgbench(bench.url, statement, roundSeconds)
      clearInterval(waking)
      return tps
    }
    for (let round = 0; round < rounds; round++) {
      // The table grows: each of the two goes first as often as the other.
      const first = round % 2 === 0
      const rates = [await rate(first), await rate(!first)] as const
      const [withSignal, without] = first ? rates : [rates[1], rates[0]]
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
