/** `npm run stack`, stopped before it has started. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { until } from '../../shared/testing/until.ts'
import { freeBlock } from './ports.ts'

test('Ctrl-C in the midst of the start ends what was started', async () => {
  const temporary = await temporaryDirectory()
  const directory = temporary.path
  const [port, ports] = [await freeBlock(1), await freeBlock(300)]
  const starting = spawn(process.execPath, ['local/stack/start.ts'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: directory,
      PORT: String(port),
      STACK_PORTS: String(ports),
      DAPRD: inject('daprd'),
      LOG_LEVEL: 'warn',
    },
    stdio: 'ignore',
  })
  const exited = new Promise((resolve) => starting.once('exit', resolve))
  const record = join(directory, 'stack/processes/kafka.json')
  await until(() => existsSync(record), 60_000)
  const { pid } = JSON.parse(await readFile(record, 'utf8')) as { pid: number }
  starting.kill('SIGINT')
  expect(await exited).toBe(0)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(await readdir(join(directory, 'stack/processes'))).toEqual([])
  expect(existsSync(join(directory, 'running.json'))).toBe(false)
  await temporary.remove()
})
