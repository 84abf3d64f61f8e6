/** Ports for tests. */
import { taken } from '../../local/stack/ports.ts'

const lanes = 4
const lanePorts = 17_000 / lanes
const lane = Number(process.env['VITEST_POOL_ID'] ?? 0) % lanes

/**
 * First of `count` ports in a row that nothing listens on, below those that the system gives to outgoing connections. Each of
 * the processes that tests run in has a lane of its own: what one of them has stopped for a moment the other does not take.
 */
export async function freeBlock(count: number): Promise<number> {
  for (;;) {
    const first = 15_000 + lane * lanePorts + Math.floor(Math.random() * (lanePorts - count))
    const ports = Array.from({ length: count }, (_, index) => first + index)
    if ((await taken(ports)).length === 0) return first
  }
}
