/** The database driver, when its server goes away again and again: nothing waits for ever, and the process lives. */
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freePort, startPostgres, type EmbeddedPostgres } from '../../local/postgres.ts'
import { closeDatabase, sql, transaction, type Tx } from '../../shared/data/sql.ts'
import { configure } from '../../shared/runtime/config.ts'
import { inContext } from '../../shared/testing/context.ts'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { startProxy, type Proxy } from '../faults/proxy.ts'

let directory: TemporaryDirectory
let server: EmbeddedPostgres
let proxy: Proxy

const portOf = (url: string) => Number(new URL(url).port)

beforeAll(async () => {
  directory = await temporaryDirectory()
  server = await startPostgres(`${directory.path}/postgres`)
})
afterAll(async () => {
  await server.stop()
  await directory.remove()
})
beforeEach(async () => {
  proxy = await startProxy(await freePort(), portOf(server.url('postgres')))
  const url = new URL(server.url('postgres'))
  url.port = String(proxy.port)
  configure({ DATABASE_URL: url.href, LOG_LEVEL: 'error', DATABASE_POOL_SIZE: '1' })
})
afterEach(async () => {
  await closeDatabase()
  await proxy.close()
})

test('killed and robbed of its answers: whoever uses it fails, and goes on as soon as it is back', async () => {
  configure({ DATABASE_POOL_SIZE: '3' })
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
    await until(() => progress.every((count, index) => count > before[index]!), 20_000)
  }
  ending.abort()
  await Promise.all(users)
  expect(progress.every((count) => count > 0)).toBe(true)
}, 120_000)

test('cut at any moment of its start: the statement fails or is answered, and so is the next', async () => {
  for (let cutAfterMs = 0; cutAfterMs < 700; cutAfterMs += 50) {
    proxy.become({ delayMs: 50 })
    const cut = sql`select 1`.catch((error: { code: string }) => error.code)
    await sleep(cutAfterMs)
    proxy.reset()
    await cut
    proxy.become('pass')
    const answered = () =>
      sql`select 1`.then(
        () => true,
        () => false,
      )
    await expect.poll(answered, { timeout: 20_000 }).toBe(true)
    await closeDatabase()
  }
})

test('a connection cut in the middle of a transaction: its rollback keeps nobody waiting', async () => {
  const cut = inContext(() => transaction((tx) => tx`select pg_sleep(5)`))
  const refused = expect(cut).rejects.toThrow('CONNECTION_CLOSED')
  await sleep(200)
  proxy.reset()
  await refused
  expect(await sql`select 1 as answer`).toEqual([{ answer: 1 }])
  expect(await sql`select 2 as answer`).toEqual([{ answer: 2 }])
})

test('a transaction that has lost its connection does nothing in the one that has it now', async () => {
  await sql`create table writes (by text)`
  const write = (tx: Tx, by: string) => tx`insert into writes values (${by})`
  const resumed = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<unknown>()
  const robbed = inContext(() =>
    transaction(async (tx) => {
      await write(tx, 'robbed')
      proxy.reset()
      await resumed.promise
      await write(tx, 'robbed').catch(refused.resolve)
      throw new Error('It goes on to its rollback.')
    }),
  )
  await expect(robbed).rejects.toThrow('CONNECTION_CLOSED')
  await inContext(() =>
    transaction(async (tx) => {
      await write(tx, 'next')
      resumed.resolve()
      await refused.promise
      await sleep(100)
      await write(tx, 'next')
    }),
  )
  expect(await sql`select by from writes`).toEqual([{ by: 'next' }, { by: 'next' }])
})

test('what the server said when it ended a connection is not told to whoever has the next one', async () => {
  for (let round = 0; round < 3; round++) {
    await expect(sql`select pg_terminate_backend(pg_backend_pid())`).rejects.toThrow(
      /terminat|CONNECTION_CLOSED/,
    )
    expect(await sql`select 1 as answer`).toEqual([{ answer: 1 }])
  }
})

test('a server that closes every connection before its first answer is not asked for ever', async () => {
  let connections = 0
  const closing = createServer((socket) => {
    connections++
    socket.end()
  })
  const port = await freePort()
  await new Promise<void>((listening) => closing.listen(port, '127.0.0.1', listening))
  proxy.target(port)
  await expect(sql`select 1`).rejects.toThrow('CONNECTION_CLOSED')
  closing.close()
  expect(connections).toBe(1)
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
