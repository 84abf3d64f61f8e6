/** The database driver, when its server goes away again and again: nothing waits for ever, and the process lives. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort, startPostgres, type EmbeddedPostgres } from '../../local/postgres.ts'
import { closeDatabase, sql, transaction } from '../../shared/data/sql.ts'
import { configure } from '../../shared/runtime/config.ts'
import { inContext } from '../../shared/testing/context.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { startProxy, type Proxy } from '../faults/proxy.ts'

let directory: TemporaryDirectory
let server: EmbeddedPostgres
let proxy: Proxy

const portOf = (url: string) => Number(new URL(url).port)

beforeEach(async () => {
  directory = await temporaryDirectory()
  server = await startPostgres(`${directory.path}/postgres`)
  proxy = await startProxy(await freePort(), portOf(server.url('postgres')))
  const url = new URL(server.url('postgres'))
  url.port = String(proxy.port)
  configure({ DATABASE_URL: url.href, LOG_LEVEL: 'error' })
})
afterEach(async () => {
  await closeDatabase()
  await proxy.close()
  await server.stop()
  await directory.remove()
})

test('killed and robbed of its answers: whoever uses it fails, and goes on as soon as it is back', async () => {
  const progress = Array.from({ length: 8 }, () => 0)
  const ending = new AbortController()
  const users = progress.map(async (_, index) => {
    while (!ending.signal.aborted) {
      const use = index % 2 === 0 ? sql`select ${index}::int` : inTransaction()
      await use.then(
        () => progress[index]!++,
        () => sleep(50),
      )
      await sleep(5)
    }
  })
  for (let round = 0; round < 6; round++) {
    await sleep(500)
    if (round % 2 === 0) {
      await server.kill()
      server = await startPostgres(`${directory.path}/postgres`)
      proxy.target(portOf(server.url('postgres')))
    } else {
      proxy.become('lose-replies')
      await sleep(500)
      proxy.become('pass')
    }
    const before = [...progress]
    await until(() => progress.every((count, index) => count > before[index]!), 5_000)
  }
  ending.abort()
  await Promise.all(users)
  expect(progress.every((count) => count > 0)).toBe(true)
})

/** Does something else between two statements, as the relay does when it publishes. */
const inTransaction = () =>
  inContext(() =>
    transaction(async (tx) => {
      await tx`select 1`
      await sleep(Math.random() * 30)
      await tx`select 2`
    }),
  )
