/** What a run has seen, one line each: figures to read, not to pass or fail by. */
export function measured(what: string, value: string): void {
  process.stdout.write(`measured: ${what}: ${value}\n`)
}

const rank = (sorted: number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

export const median = (values: number[]): number =>
  rank(
    values.toSorted((a, b) => a - b),
    0.5,
  )

/** Median, 99th percentile and worst of milliseconds. */
export function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const [median, high, worst] = [rank(sorted, 0.5), rank(sorted, 0.99), sorted.at(-1) ?? Number.NaN].map(
    Math.round,
  )
  return `p50 ${median} ms, p99 ${high} ms, worst ${worst} ms (n ${sorted.length})`
}
