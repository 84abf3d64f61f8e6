/**
 * Keys whose events were refused wait, each longer than the last time, while all other keys go on. When nothing gets through
 * at all everything waits, but never long: as soon as the broker is back, so are the events.
 */
import { delivery } from '../../../shared/contract/events.ts'

/** More failing keys than this means that the broker is away, not that some events are bad. */
const keysMax = 1_000

const awayMsMin = 200
const awayMsMax = 2_000

type Pause = { until: number; failures: number }

export type Pauses = {
  fail(key: string): void
  succeed(key: string): void
  /** Nothing got through. */
  failAll(): void
  /** Milliseconds until anything may be tried; 0 when it may now. */
  awayMs(): number
  /** Keys to leave alone now. */
  keys(): string[]
  /** Milliseconds until the first of them may be tried again; long when there is none. */
  nextMs(): number
}

export function createPauses(now: () => number = Date.now): Pauses {
  const pauses = new Map<string, Pause>()
  let away: Pause = { until: 0, failures: 0 }
  const waiting = () => [...pauses].filter(([, { until }]) => until > now())
  return {
    fail(key) {
      const failures = (pauses.get(key)?.failures ?? 0) + 1
      const ms = jittered(
        Math.min(delivery.longestPauseMs, delivery.firstPauseMs * delivery.pauseFactor ** (failures - 1)),
      )
      pauses.set(key, { until: now() + ms, failures })
      if (pauses.size > keysMax) pauses.delete(pauses.keys().next().value!)
    },
    succeed(key) {
      pauses.delete(key)
      away = { until: 0, failures: 0 }
    },
    failAll() {
      const failures = away.failures + 1
      const ms = jittered(Math.min(awayMsMax, awayMsMin * 2 ** (failures - 1)))
      away = { until: now() + ms, failures }
    },
    awayMs: () => Math.max(0, away.until - now()),
    keys: () => waiting().map(([key]) => key),
    nextMs: () => Math.max(1, Math.min(60_000, ...waiting().map(([, { until }]) => until - now()))),
  }
}

/** Between half of it and all of it: what failed at the same time is not tried at the same time. */
const jittered = (ms: number) => ms * (0.5 + Math.random() / 2)
