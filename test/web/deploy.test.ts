/** A deployment, without the cloud: what would be run, and in which order. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

const dryRun = (...args: string[]) =>
  spawnSync(process.execPath, ['web/export/deploy.ts', ...args, '--dry-run'], { encoding: 'utf8' })

/** What is named for each provider beside the bucket, and how the CDN is told to forget. */
const named: Record<string, [names: string[], purge: string]> = {
  gcs: [['--url-map', 'todo-map'], 'gcloud compute url-maps invalidate-cdn-cache todo-map --path=/*'],
  azure: [
    ['--resource-group', 'todo-group', '--profile', 'todo-profile', '--endpoint', 'todo-end'],
    'az afd endpoint purge --resource-group todo-group --profile-name todo-profile --endpoint-name todo-end --content-paths /*',
  ],
  spaces: [
    ['--region', 'fra1', '--cdn', '418b7972-fc67-41ea-ab4b-6f9477c4f7d8'],
    'doctl compute cdn flush 418b7972-fc67-41ea-ab4b-6f9477c4f7d8 --files *',
  ],
}

describe.each(Object.entries(named))('%s', (provider, [names, purge]) => {
  const lines = dryRun(provider, 'todo-app', ...names)
    .stdout.trim()
    .split('\n')
  const at = (pattern: RegExp) => lines.findLastIndex((line) => pattern.test(line))
  const first = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line))

  test('assets before pages, the worker after them, the purge at last', () => {
    expect(lines.length).toBeGreaterThan(40)
    expect(first(/text\/html/)).toBeGreaterThan(at(/_next\/static\/.*immutable/))
    expect(at(/worker\.js/)).toBeGreaterThan(at(/text\/html/))
    expect(lines.at(-1)).toBe(purge)
  })

  test('what has a hash in its name is kept for ever, everything else is asked for anew', () => {
    for (const line of lines.slice(0, -1)) {
      expect(line).toMatch(line.includes('_next/static/') ? /max-age=31536000, immutable/ : /no-cache/)
    }
  })

  test('what is not named is asked for, and nothing is run', () => {
    const { status, stderr, stdout } = dryRun(provider, 'todo-app', ...names.slice(2))
    expect(status).toBe(1)
    expect(stderr).toBe(`${provider} needs ${names[0]}, too.\n`)
    expect(stdout).toBe('')
  })

  test('a page is found under its address', () => {
    expect(lines.some((line) => /[/ ]inbox( |$)/.test(line) && line.includes('text/html'))).toBe(true)
  })
})

test('objects of Spaces do not go to Amazon', () => {
  const { stdout } = dryRun('spaces', 'todo-app', ...named['spaces']![0])
  for (const line of stdout.trim().split('\n').slice(0, -1))
    expect(line).toContain(' --endpoint-url https://fra1.digitaloceanspaces.com ')
})

test('an unknown provider is named, and nothing is run', () => {
  const { status, stderr, stdout } = dryRun('ftp', 'x')
  expect(status).not.toBe(0)
  expect(stderr).toContain('There is no ftp')
  expect(stdout).toBe('')
})
