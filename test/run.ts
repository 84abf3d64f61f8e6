/**
 * `npm test`: everything, on real parts. The last line is the count, `N passed, N failed`, from the runner's own report;
 * a step that fails without a count (formatting, lint, types) fails the run before the tests start.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDaprd } from '../local/stack/daprd.ts'

const directory = mkdtempSync(join(tmpdir(), 'todo-report-'))
const report = join(directory, 'report.json')

const run = (command: string, ...args: string[]): boolean => {
  process.stdout.write(`\n> ${[command, ...args].join(' ')}\n`)
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}

const checked = [
  run('oxfmt', '--check'),
  run('oxlint', '--type-aware'),
  run('tsc'),
  run('tsc', '-p', 'web'),
  run('knip'),
].every(Boolean)
const built = run('node', 'esbuild.config.mjs') && run('node', 'web/export/build.ts')
/** For machines that cannot have the parts. What is left out is said at the end, where the count is. */
const withoutStack = Boolean(process.env['WITHOUT_STACK'])
const say = (text: string) => process.stdout.write(`${text}\n`)
// Here, so that two of the projects do not build it at once; they say what is missing.
if (!withoutStack) await findDaprd(say).catch((error: Error) => say(error.message))
const tested = run(
  'vitest',
  'run',
  ...(withoutStack ? ['--project=repository', '--project=real', '--project=web'] : []),
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
)

const { numPassedTests = 0, numFailedTests = 0, numTotalTests = 0 } = counts()
rmSync(directory, { recursive: true })
const notRun = numTotalTests - numPassedTests - numFailedTests
if (notRun > 0) process.stdout.write(`${notRun} tests were not run: that is a failure.\n`)
if (withoutStack) {
  process.stdout.write(
    'Left out by WITHOUT_STACK: test/stack/, everything on real sidecars and a real broker.\n',
  )
}
process.stdout.write(`${numPassedTests} passed, ${numFailedTests + notRun} failed\n`)
process.exit(checked && built && tested && notRun === 0 && numPassedTests > 0 ? 0 : 1)

function counts(): { numPassedTests?: number; numFailedTests?: number; numTotalTests?: number } {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as object
  } catch {
    return {}
  }
}
