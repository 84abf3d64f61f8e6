// Mends two faults of the Postgres driver that break a process when its database goes away; test/real/driver.test.ts shows them.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../node_modules/postgres/src/connection.js', import.meta.url)

const changes = [
  [
    // What waited to be written when the connection closed stayed, and with it the mark that a write is on its way: after the
    // reconnection nothing was ever written again, and whoever used it waited for ever.
    '    incomings = null\n    clearImmediate(nextWriteTimer)\n    socket.removeListener',
    '    incomings = null\n    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener',
  ],
  [
    // The rollback of a transaction whose connection is gone was written to no socket, in a timer: the process ended.
    "    if (stream)\n      return queryError(q, Errors.generic('COPY_IN_PROGRESS'",
    "    if (socket === null)\n      return (queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true)\n\n    if (stream)\n      return queryError(q, Errors.generic('COPY_IN_PROGRESS'",
  ],
]

/** Changes the installed file unless it is changed already; throws when it is not the one that these changes are for. */
export function patch() {
  const text = readFileSync(file, 'utf8')
  let patched = text
  for (const [from, to] of changes) {
    if (patched.includes(to)) continue
    if (!patched.includes(from))
      throw new Error('The Postgres driver is another one: see whether local/patch.mjs is needed.')
    patched = patched.replace(from, to)
  }
  if (patched !== text) writeFileSync(file, patched)
}
