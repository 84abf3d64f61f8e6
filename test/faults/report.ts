/** The results as a page of `docs/`. */
import { cells } from './cells.ts'
import { invariants } from './check.ts'
import type { Result } from './run.ts'

export function report(results: Result[]): string {
  const byCell = Map.groupBy(results, ({ cell }) => cell)
  const rows = [...byCell].map(([cell, runs]) => {
    const sum = (of: (result: Result) => number) => runs.reduce((total, result) => total + of(result), 0)
    const drained = runs.map(({ drainedMs }) => drainedMs).toSorted((one, other) => one - other)
    const broken = runs.filter(({ violations }) => violations.length > 0).length
    return `| ${cell} | ${runs.length} | ${sum(({ operations }) => operations.ok)} | ${sum(({ operations }) => operations.unknown)} | ${sum(({ events }) => events)} | ${seconds(drained[Math.floor(drained.length / 2)]!)} | ${seconds(drained.at(-1)!)} | ${seconds(cells[cell]!.drainedMsMax)} | ${broken} |`
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

"Empty" is the time from the end of the fault until no event waits anywhere and every part is ready.

| cell | runs | acknowledged | left open | events | empty, median | longest | may take | broken promises |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

${broken.length > 0 ? `## Broken\n\n${broken.join('\n')}` : 'No promise was broken.'}
`
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
