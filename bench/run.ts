/** `npm run bench [-- name ...]`: see `bench/README.md`. */
import { creates } from './creates.ts'
import { burst, due } from './reminders.ts'
import { scan } from './scan.ts'
import { signal } from './signal.ts'
import { start } from './start.ts'
import { stack } from './stack.ts'
import { state } from './state.ts'
import { web } from './web.ts'

const benches: Record<string, () => Promise<void>> = {
  creates,
  signal,
  due,
  burst,
  scan,
  start,
  state,
  stack,
  web,
}

const names = process.argv.slice(2)
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  const bench = benches[name]
  if (!bench) throw new Error(`There is no bench ${name}. There are: ${Object.keys(benches).join(', ')}.`)
  await bench()
}
