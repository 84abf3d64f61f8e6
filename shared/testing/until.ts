/** Waiting for something that happens by itself. */
import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves as soon as `condition` holds; fails when it does not within `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${condition.toString()}`)
    await sleep(10)
  }
}
