/** Waiting for what takes its time. */
import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 100

/** Resolves as soon as `condition` holds; fails with the sentence of `otherwise` when it does not in time. */
export async function until(
  condition: () => Promise<boolean>,
  timeoutMs: number,
  otherwise: () => string,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(otherwise())
    await sleep(pauseMs)
  }
}
