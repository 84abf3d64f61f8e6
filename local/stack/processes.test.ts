import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { endLeftovers, supervise, type Supervised } from './processes.ts'

let temporary: TemporaryDirectory
let records: string
let program: Supervised

beforeEach(async () => {
  temporary = await temporaryDirectory()
  records = join(temporary.path, 'processes')
  program = supervise(
    { name: 'sleeper', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], env: {} },
    temporary.path,
  )
})
afterEach(async () => {
  await program.stop()
  await temporary.remove()
})

test('a program that is stopped while it starts does not run', async () => {
  const starting = program.start()
  await program.stop()
  await starting
  expect(program.pid()).toBeUndefined()
  expect(await readdir(records)).toEqual([])
})

describe('what a killed run left behind', () => {
  test('is ended when its record is that of the process', async () => {
    await program.start()
    const kept = await readFile(join(records, 'sleeper.json'), 'utf8')
    expect(JSON.parse(kept)).toMatchObject({ pid: program.pid() })
    await endLeftovers(temporary.path)
    expect(await readdir(records)).toEqual([])
    await until(() => program.lastEnd() === 'SIGKILL')
  })

  test('is a stranger when its number has another command now, and lives on', async () => {
    await program.start()
    await writeFile(
      join(records, 'sleeper.json'),
      JSON.stringify({ pid: program.pid(), command: 'java kafka.Kafka' }),
    )
    await endLeftovers(temporary.path)
    expect(await readdir(records)).toEqual([])
    expect(process.kill(program.pid()!, 0)).toBe(true)
  })

  test('is nothing when the power went before its record was on the disk', async () => {
    await program.start()
    await writeFile(join(records, 'sleeper.json'), '')
    await endLeftovers(temporary.path)
    expect(await readdir(records)).toEqual([])
  })
})
