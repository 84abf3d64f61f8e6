/** Chance that can be repeated: the same seed, the same run, as far as the system allows. */
export type Random = {
  /** From 0 to below 1. */
  next(): number
  /** One of them. */
  pick<T>(items: readonly T[]): T
}

/** mulberry32: 32 bits of state are enough to choose operations. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, pick: (items) => items[Math.floor(next() * items.length)]! }
}
