/** A data directory after a process was killed, or the power went. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryDirectory, type TemporaryDirectory } from '../shared/testing/directory.ts'
import { until } from '../shared/testing/until.ts'
import { startPostgres } from './postgres.ts'

const run = promisify(execFile)

let temporary: TemporaryDirectory
let home: string
let lockFile: string

beforeAll(async () => {
  temporary = await temporaryDirectory()
  home = join(temporary.path, 'postgres')
  lockFile = join(home, 'data/postmaster.pid')
  await (await startPostgres(home)).stop()
})
afterAll(() => temporary.remove())

const pidIn = async (file: string) => Number.parseInt(await readFile(file, 'utf8'), 10)

/** A process of the user that the server runs as. */
async function stranger(): Promise<ChildProcess> {
  const { uid, gid } = await stat(join(home, 'data'))
  return spawn('sleep', ['60'], { stdio: 'ignore', ...(process.getuid!() === 0 && { uid, gid }) })
}

describe('a start', () => {
  test('ends the server that a killed process left', async () => {
    await startPostgres(home)
    const left = await pidIn(lockFile)
    const server = await startPostgres(home)
    expect(() => process.kill(left, 0)).toThrow('ESRCH')
    expect(await pidIn(lockFile)).not.toBe(left)
    await server.stop()
  })

  test('leaves a stranger alone who has the number of the server by now', async () => {
    const first = await startPostgres(home)
    const file = await readFile(lockFile, 'utf8')
    await first.stop()
    const other = await stranger()
    try {
      await writeFile(lockFile, file.replace(/^\d+/, String(other.pid)))
      const server = await startPostgres(home)
      expect([other.exitCode, other.signalCode]).toEqual([null, null])
      await server.stop()
    } finally {
      other.kill()
    }
  })

  test('does not stumble over a file of the server that never got to the disk', async () => {
    await writeFile(lockFile, '')
    const server = await startPostgres(home)
    expect(await pidIn(lockFile)).toBeGreaterThan(0)
    await server.stop()
  })

  test('makes the data anew when the one before was killed while it made them', async () => {
    const anew = join(temporary.path, 'anew')
    const starting = startPostgres(anew)
    const ended = expect(starting).rejects.toThrow('initdb')
    const initdb = async () => {
      const { stdout } = await run('ps', ['-ww', '-A', '-o', 'pid=,command='])
      return stdout.split('\n').find((line) => line.includes(`initdb -D ${anew}`))
    }
    const begun = async () =>
      (await readdir(temporary.path, { recursive: true })).some((file) => /^anew.*\/PG_VERSION$/.test(file))
    await until(begun)
    process.kill(Number.parseInt((await initdb())!, 10), 'SIGKILL')
    await ended
    const server = await startPostgres(anew)
    expect(server.fresh).toBe(true)
    await server.stop()
  })
})
