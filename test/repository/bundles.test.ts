import { describe, expect, test } from 'vitest'
import { rows, type FunctionName } from '../../functions/manifest.ts'
import { bundle } from '../../local/bundle.ts'
import { sectionsOf } from '../../local/render/settings.ts'
import { read } from './files.ts'

const kilobytesMax = 300

/** Functions that may be larger, and why. */
const larger: Partial<Record<FunctionName, { kilobytes: number; reason: string }>> = {
  auth: { kilobytes: 780, reason: 'Better Auth, on our own database client' },
}

/** All are bundled at once, so the first test waits for most of them. */
const timeout = 60_000

describe.each(rows)('%s', { timeout }, (name, row) => {
  const built = bundle(name, { write: false })
  // Awaited in each test; without this a failure would also end the run as unhandled.
  built.catch(() => {})

  test('is small enough to start quickly', async () => {
    const { bytes, inputs } = await built
    const largest = Object.entries(inputs)
      .toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
      .slice(0, 5)
      .map(([path, { bytesInOutput }]) => `${path} ${Math.round(bytesInOutput / 1024)} KB`)
    expect(bytes / 1024, largest.join(', ')).toBeLessThan(larger[name]?.kilobytes ?? kilobytesMax)
  })

  test('reads the settings that it is given in a cluster, and no others', async () => {
    const { inputs } = await built
    const own = Object.keys(inputs).filter(
      (path) => /^(functions|shared)\//.test(path) && inputs[path]!.bytesInOutput > 0,
    )
    const sections = own.flatMap((path) =>
      [...read(path).matchAll(/\bconfig\('(\w+)'\)/g)].map(([, section]) => section!),
    )
    expect(new Set(sections)).toEqual(new Set(sectionsOf(name, row)))
  })
})

test('a function without a handler cannot be built', async () => {
  await expect(
    bundle('task-get', { write: false, handler: 'functions/http/none/handler.ts' }),
  ).rejects.toThrow('functions/http/none/handler.ts')
})
