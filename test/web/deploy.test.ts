/** A deployment, without the cloud: what would be run, and in which order. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

const dryRun = (...args: string[]) =>
  spawnSync(process.execPath, ['web/export/deploy.ts', ...args, '--dry-run'], { encoding: 'utf8' })

describe.each(['gcs', 'azure', 'spaces'])('%s', (provider) => {
  const lines = dryRun(provider, 'todo-app').stdout.trim().split('\n')
  const at = (pattern: RegExp) => lines.findLastIndex((line) => pattern.test(line))
  const first = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line))

  test('assets before pages, the worker after them, the purge at last', () => {
    expect(lines.length).toBeGreaterThan(40)
    expect(first(/text\/html/)).toBeGreaterThan(at(/_next\/static\/.*immutable/))
    expect(at(/worker\.js/)).toBeGreaterThan(at(/text\/html/))
    expect(lines.at(-1)).toMatch(/invalidate-cdn-cache|afd endpoint purge|cdn flush/)
  })

  test('what has a hash in its name is kept for ever, everything else is asked for anew', () => {
    for (const line of lines.slice(0, -1)) {
      expect(line).toMatch(line.includes('_next/static/') ? /max-age=31536000, immutable/ : /no-cache/)
    }
  })

  test('a page is found under its address', () => {
    expect(lines.some((line) => /[/ ]inbox( |$)/.test(line) && line.includes('text/html'))).toBe(true)
  })
})

test('an unknown provider is named, and nothing is run', () => {
  const { status, stderr, stdout } = dryRun('ftp', 'x')
  expect(status).not.toBe(0)
  expect(stderr).toContain('There is no ftp')
  expect(stdout).toBe('')
})
