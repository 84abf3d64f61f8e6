/** What a first visit loads. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const dist = join(import.meta.dirname, '../../web/dist')
const kilobytesMax = 150

test.each(['index', 'inbox', 'settings', 'sign-in', 'docs'])('%s: its scripts are small', (name) => {
  const html = readFileSync(join(dist, `${name}.html`), 'utf8')
  const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)].filter(
    ([tag]) => !/nomodule/i.test(tag),
  )
  const paths = new Set(scripts.map(([, path]) => path!))
  expect(paths.size).toBeGreaterThan(3)
  const sizes = [...paths].map(
    (path) => statSync(join(dist, `${path}.br`), { throwIfNoEntry: false })?.size ?? 1_024,
  )
  expect(sizes.reduce((sum, size) => sum + size, 0) / 1_000).toBeLessThan(kilobytesMax)
})
