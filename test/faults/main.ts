/** `npm run faults`: runs cells, writes each result down at once, goes on where it stopped, and makes the report. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { cells, smoke } from './cells.ts'
import { mayMount } from './disk.ts'
import { report } from './report.ts'
import { run, type Result } from './run.ts'
import { startWorld, type World } from './world.ts'

const usage = `Breaks the system on its real parts and holds what is left against its promises.

  npm run faults -- [--cells <names>] [--seed <n>] [--runs <k>] [--report <file>]

  --cells   smoke, all, or names with commas between them (default smoke)
  --seed    of the first run of each cell; the others follow (default 1)
  --runs    of each cell (default 3)
  --results where results are kept; what is there already is not run again (default .data/faults.jsonl)
  --report  a Markdown file to write

Cells: ${Object.keys(cells).join(', ')}
`

/** A world gets a fresh start after so many runs: reading back every record takes longer the more there are. */
const runsPerWorld = 40

const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: 'smoke' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    results: { type: 'string', default: '.data/faults.jsonl' },
    report: { type: 'string' },
    help: { type: 'boolean' },
  },
})
const named =
  values.cells === 'smoke'
    ? Object.values(smoke).flat()
    : values.cells === 'all'
      ? Object.keys(cells).filter((name) => mayMount || !cells[name]!.needsSmallDisk)
      : values.cells.split(',')
if (values.cells === 'all' && !mayMount)
  process.stdout.write('Left out: cells that need a small disk, which only root may mount.\n')
const unknown = named.filter((name) => !Object.hasOwn(cells, name))
const [seed, runs] = [Number(values.seed), Number(values.runs)]
if (
  values.help ||
  unknown.length > 0 ||
  !Number.isSafeInteger(seed) ||
  !Number.isSafeInteger(runs) ||
  runs < 1
) {
  process.stderr.write(unknown.length > 0 ? `There is no cell ${unknown.join(', ')}.\n\n${usage}` : usage)
  process.exit(values.help ? 0 : 2)
}

await mkdir(join(values.results, '..'), { recursive: true })
const text = await readFile(values.results, 'utf8').catch(() => '')
const results = text
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Result)
const isDone = (cell: string, seed: number) =>
  results.some((result) => result.cell === cell && result.seed === seed)
// Every cell once, then every cell again: what is stopped in the middle has seen all of them.
const wanted = Array.from({ length: runs }, (_, index) => seed + index).flatMap((seed) =>
  named.map((cell) => ({ cell, seed })),
)
const open = wanted.filter(({ cell, seed }) => !isDone(cell, seed))

let world: World | undefined
let directory = await temporaryDirectory()
const end = async () => {
  await world?.stop()
  await directory.remove()
}
/** A run in its midst fails then, and must not end the process before everything is stopped. */
let interrupted: Promise<void> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = end().finally(() => process.exit(130))
  })
}
try {
  for (const [index, { cell, seed }] of open.entries()) {
    if (index % runsPerWorld === 0) {
      await end()
      directory = await temporaryDirectory()
      const ahead = open.slice(index, index + runsPerWorld)
      world = await startWorld(
        directory.path,
        ahead.some((run) => cells[run.cell]!.needsSmallDisk),
      )
    }
    const result = await run(world!, cell, seed)
    results.push(result)
    await appendFile(values.results, `${JSON.stringify(result)}\n`)
    process.stdout.write(`${index + 1}/${open.length} ${summary(result)}\n`)
  }
} finally {
  await (interrupted ?? end())
}

const asked = results.filter(({ cell, seed }) => wanted.some((run) => run.cell === cell && run.seed === seed))
if (values.report) await writeFile(values.report, report(asked))
const broken = asked.filter(({ violations }) => violations.length > 0)
process.stdout.write(`${asked.length - broken.length} runs kept every promise, ${broken.length} did not.\n`)
process.exit(broken.length > 0 ? 1 : 0)

function summary({ cell, seed, operations, events, drainedMs, violations }: Result): string {
  const { ok, fail, unknown } = operations
  const done = `${ok} ok, ${fail} refused, ${unknown} unknown, ${events} events, empty after ${drainedMs} ms`
  const broken = violations.map(({ invariant, what }) => `\n    BROKEN ${invariant}: ${what}`)
  return `${cell} seed ${seed}: ${done}${broken.join('')}`
}
