/** Keys whose events were refused wait, each longer than the last time, while all other keys go on. */
import { delivery } from '../../../shared/contract/events.ts'

/** More failing keys than this means that the broker is away, not that some events are bad. */
const keysMax = 1_000

type Pause = { until: number; failures: number }

export type Pauses = {
  fail(key: string): void
  succeed(key: string): void
  /** Keys to leave alone now. */
  keys(): string[]
  /** Milliseconds until the first of them may be tried again; long when there is none. */
  nextMs(): number
}

export function createPauses(now: () => number = Date.now): Pauses {
  const pauses = new Map<string, Pause>()
  const waiting = () => [...pauses].filter(([, { until }]) => until > now())
  return {
    fail(key) {
      const failures = (pauses.get(key)?.failures ?? 0) + 1
      const ms =
        Math.min(delivery.longestPauseMs, delivery.firstPauseMs * delivery.pauseFactor ** (failures - 1)) *
        (0.5 + Math.random() / 2)
      pauses.set(key, { until: now() + ms, failures })
      if (pauses.size > keysMax) pauses.delete(pauses.keys().next().value!)
    },
    succeed: (key) => void pauses.delete(key),
    keys: () => waiting().map(([key]) => key),
    nextMs: () => Math.max(1, Math.min(60_000, ...waiting().map(([, { until }]) => until - now()))),
  }
}
