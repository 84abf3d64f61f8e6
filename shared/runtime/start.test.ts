import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)

/** A process that serves nothing but has a check that fails. */
const program = `
  import { Hono } from 'hono'
  import { serve } from './shared/runtime/serve.ts'
  import { onStart } from './shared/runtime/start.ts'
  onStart(() => { throw new Error('SETTING is not set.') })
  serve('test', new Hono())`

test('a check that fails ends the process before it listens, with one line that says why', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module-typescript', '--eval', program],
    { cwd: root, env: { ...process.env, PORT: '0', LOG_LEVEL: 'info' }, encoding: 'utf8', timeout: 20_000 },
  )
  expect(stderr).toBe('')
  expect(status).toBe(1)
  const lines = stdout.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'error',
    message: 'cannot start',
    function: 'test',
    error: 'SETTING is not set.',
  })
})
