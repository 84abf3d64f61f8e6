/** Ports for tests. */
import { taken } from '../../local/stack/ports.ts'

/** First of `count` ports in a row that nothing listens on, below those that the system gives to outgoing connections. */
export async function freeBlock(count: number): Promise<number> {
  for (;;) {
    const first = 15_000 + Math.floor(Math.random() * (17_000 - count))
    const ports = Array.from({ length: count }, (_, index) => first + index)
    if ((await taken(ports)).length === 0) return first
  }
}
