// Mends seven faults of the Postgres driver when its database goes away (docs/decisions/009-patched-driver.md).
import { readFileSync, writeFileSync } from 'node:fs'

const connection = [
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
  [
    // A server that closed each connection in good order before its first answer was asked again at once, for ever. And what
    // was sent after the socket's error and before its close was neither answered nor refused: after the reconnection it
    // counted as sent, and everything behind it waited for its answer.
    '    if (initial)\n      return reconnect()\n\n    !hadError && (query || sent.length) && error(',
    '    ;(initial || query || sent.length) && error(',
  ],
  [
    // The error that the server ended a connection with was told to the first who used the one that followed.
    '    closedTime = performance.now()\n    hadError',
    '    query = results = errorResponse = null\n    result = new Result()\n    rows = 0\n    closedTime = performance.now()\n    hadError',
  ],
  [
    // A connection cut while it asked for the array types ended the process: nobody heard that question's refusal.
    'return fetchArrayTypes()\n',
    'return fetchArrayTypes().catch(noop)\n',
  ],
]

// A transaction that had lost its connection, but had not ended yet, sent the rest of its statements and its rollback through
// the same connection object: outside any transaction, or into another's, or unanswered with all who came after it.
const pool = [
  [
    '    let savepoints = 0\n      , connection\n      , prepare = null\n',
    '    let savepoints = 0\n      , connection\n      , prepare = null\n      , lost = null\n',
  ],
  [
    'connection.onclose = reject)\n',
    'connection.onclose = error => {\n          lost = error\n          while (queries.length) queries.shift().reject(error)\n          reject(error)\n        })\n',
  ],
  [
    '        q.catch(e => uncaughtError || (uncaughtError = e))\n        c.queue === full\n',
    '        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost) return q.reject(lost)\n        c.queue === full\n',
  ],
]

/** Changes the installed driver unless it is changed already; throws when it is not the one that these changes are for. */
export function patch() {
  change('connection.js', connection)
  change('index.js', pool)
}

function change(name, changes) {
  const file = new URL(`../node_modules/postgres/src/${name}`, import.meta.url)
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
