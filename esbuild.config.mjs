// `npm run build`: every function of functions/manifest.ts in dist/<name>/, or those that are named, and the migration.
// How one is bundled: local/bundle.ts; compiled: local/compile.ts.
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { functions } from './functions/manifest.ts'
import { bundle, bundleMigration, root } from './local/bundle.ts'
import { compile } from './local/compile.ts'

const known = Object.keys(functions)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) fail(`Not in functions/manifest.ts: ${unknown.join(', ')}`)
if (asked.length === 0) rmSync(`${root}/dist`, { recursive: true, force: true })

const startedAt = performance.now()
await bundleMigration()
const names = asked.length > 0 ? asked : known
const results = await Promise.allSettled(names.map((name) => bundle(name)))

const broken = []
for (const [index, { value, reason }] of results.entries()) {
  const size = value ? `${(value.bytes / 1024).toFixed(0)} KB` : 'not built'
  console.log(`${names[index].padEnd(24)}${size.padStart(10)}`)
  if (reason) broken.push(`${names[index]}: ${reason.message}`)
}
if (broken.length > 0)
  fail(`\n${broken.length} of ${names.length} functions cannot be built:\n${broken.join('\n')}`)
const waiting = [...names]
await Promise.all(Array.from({ length: availableParallelism() }, compileNext))
console.log(`\n${names.length} functions in ${(performance.now() - startedAt).toFixed(0)} ms.`)

/** Each is a process of its own: as many at a time as there are processors. */
async function compileNext() {
  for (let name = waiting.pop(); name; name = waiting.pop()) await compile(`${root}/dist/${name}`)
}

/** @param {string} message */
function fail(message) {
  console.error(message)
  process.exit(1)
}
