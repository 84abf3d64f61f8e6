/** The results as a page of `docs/`. */
import { availableParallelism } from 'node:os'
import { cells } from './cells.ts'
import { drainedMsMax, invariants, settledMsMax } from './check.ts'
import type { Result } from './run.ts'

export function report(results: Result[]): string {
  const byCell = Map.groupBy(results, ({ cell }) => cell)
  const rows = [...byCell].map(([cell, runs]) => {
    const sum = (of: (result: Result) => number) => runs.reduce((total, result) => total + of(result), 0)
    const drained = runs.map(({ drainedMs }) => drainedMs).toSorted((one, other) => one - other)
    const goalMs = cells[cell]!.drainedMsMax
    const columns = [
      cell,
      runs.length,
      sum(({ operations }) => operations.ok),
      sum(({ operations }) => operations.unknown),
      sum(({ events }) => events),
      sum(({ inDoubt }) => inDoubt),
      seconds(drained[Math.floor((drained.length - 1) / 2)]!),
      seconds(drained.at(-1)!),
      seconds(goalMs),
      sum(({ drainedMs }) => Number(drainedMs > goalMs)),
      sum(({ violations }) => Number(violations.length > 0)),
    ]
    return `| ${columns.join(' | ')} |`
  })
  const broken = results.flatMap(({ cell, seed, violations }) =>
    violations.map(({ invariant, what }) => `- ${cell}, seed ${seed}: ${invariant}: ${what}`),
  )
  return `<!-- Written by \`npm run faults\`. -->

# Faults

The system on its real parts, used by three people while something breaks, ${results.length} runs over ${byCell.size} cells. Afterwards what was
answered is held against what is there (\`test/faults/check.ts\`):

${Object.keys(invariants)
  .map((name) => `- ${name}`)
  .join('\n')}

"Empty" is the time from the end of the fault until no event waits anywhere and every part is ready. How long it should take is
a goal, not a promise: the machine had other work to do (load ${range(results.map(({ load }) => load))} on ${availableParallelism()} cores). What takes more than ${seconds(drainedMsMax)} counts as stuck,
which breaks a promise. A mail that was cut off while it was sent is settled within ${seconds(settledMsMax(0))}, as one that may have been sent.

| cell | runs | acknowledged | left open | events | mails in doubt | empty, median | longest | goal | over it | broken promises |
|---|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

${broken.length > 0 ? `## Broken\n\n${broken.join('\n')}` : 'No promise was broken.'}
`
}

const range = (values: number[]) => `${Math.min(...values)} to ${Math.max(...values)}`
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
