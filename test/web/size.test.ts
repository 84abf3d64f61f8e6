/** What a first visit loads, and what a system needs to install the app. */
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

test('every icon of the manifest is there, in the size that it says', () => {
  type Icon = { src: string; type: string; sizes: string; purpose?: string }
  const { icons } = JSON.parse(readFileSync(join(dist, 'manifest.webmanifest'), 'utf8')) as { icons: Icon[] }
  const drawn = icons.filter(({ type }) => type === 'image/png')
  expect(drawn.map(({ sizes, purpose = 'any' }) => `${sizes} ${purpose}`)).toEqual([
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ])
  const touch = { src: '/apple-touch-icon.png', sizes: '180x180' }
  for (const { src, sizes } of [...drawn, touch]) {
    // Width and height of a PNG are the first two numbers of its first chunk.
    const png = readFileSync(join(dist, src))
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).toBe(sizes)
  }
  expect(readFileSync(join(dist, 'index.html'), 'utf8')).toContain('rel="apple-touch-icon"')
})
