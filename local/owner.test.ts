import { execFile } from 'node:child_process'
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryDirectory, type TemporaryDirectory } from '../shared/testing/directory.ts'
import { becomeOwner } from './owner.ts'

const run = promisify(execFile)

let temporary: TemporaryDirectory
let record: string

beforeEach(async () => {
  temporary = await temporaryDirectory()
  record = join(temporary.path, 'running.json')
})
afterEach(() => temporary.remove())

const ownerOf = async () => (JSON.parse(await readFile(record, 'utf8')) as { pid: number }).pid

describe('a directory has a new owner', () => {
  test('when nobody has it, and nobody again afterwards', async () => {
    const owner = await becomeOwner(temporary.path)
    expect(await ownerOf()).toBe(process.pid)
    await owner.announce({ url: 'http://localhost:3000' })
    expect(JSON.parse(await readFile(record, 'utf8'))).toMatchObject({
      pid: process.pid,
      url: 'http://localhost:3000',
    })
    await owner.release()
    expect(await readdir(temporary.path)).toEqual([])
  })

  test("when the power went before the last one's record was on the disk", async () => {
    await writeFile(record, '')
    await becomeOwner(temporary.path)
    expect(await ownerOf()).toBe(process.pid)
  })

  test("when the last one's number belongs to a process of another user, which is none of ours", async () => {
    await writeFile(record, JSON.stringify({ pid: 1, started: '2026-01-01T00:00:00Z' }))
    await chmod(temporary.path, 0o777)
    // Root may send a signal to anybody: then somebody else asks.
    const script = `
      const { becomeOwner } = await import(${JSON.stringify(import.meta.resolve('./owner.ts'))})
      if (process.getuid() === 0) process.setuid(65534)
      await becomeOwner(${JSON.stringify(temporary.path)})`
    await run(process.execPath, ['--input-type=module', '-e', script])
    expect(await ownerOf()).not.toBe(1)
  })
})
