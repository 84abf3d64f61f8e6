/** How results are counted and printed. */

export type Result = {
  name: string
  what: string
  value: number
  unit: string
  goal: number
  better: 'lower' | 'higher'
}

export const median = (values: number[]): number => quantile(values, 0.5)

export function quantile(values: number[], q: number): number {
  if (values.length === 0) throw new Error('No measurements.')
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!
}

export function print({ name, what, value, unit, goal, better }: Result): void {
  const reached = better === 'lower' ? value <= goal : value >= goal
  const shown = value.toFixed(value < 10 ? 2 : 0)
  process.stdout.write(
    `${name.padEnd(8)} ${what.padEnd(64)} ${shown.padStart(8)} ${unit.padEnd(3)} goal ${better === 'lower' ? '<=' : '>='} ${goal}  ${reached ? 'reached' : 'MISSED'}\n`,
  )
}
