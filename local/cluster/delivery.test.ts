import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { standingOf, withImages, type Service } from './delivery.ts'
import { versionOf } from './versions.ts'

const digest = `sha256:${'0'.repeat(64)}`

describe('the images of a delivery', () => {
  test('stand in the place of the names, by digest; other images stay', () => {
    const manifests =
      '- image: dev.local/todo/task-get:local\n- image: postgres:18\n- image: dev.local/todo/migrate:local'
    const images = { 'task-get': `r/task-get@${digest}`, migrate: `r/migrate@${digest}` }
    expect(withImages(manifests, images)).toBe(
      `- image: r/task-get@${digest}\n- image: postgres:18\n- image: r/migrate@${digest}`,
    )
  })

  test.each([
    [{}, 'There is no image of auth.'],
    [{ auth: 'r/auth:latest' }, 'The image of auth has no digest: r/auth:latest'],
  ])('%j is refused', (images, message) => {
    expect(() => withImages('image: dev.local/todo/auth:local', images)).toThrow(message)
  })
})

describe('a function', () => {
  const service = (status: Service['status']): Service => ({
    metadata: { name: 'auth', generation: 2 },
    ...(status && { status }),
  })
  const conditions = (status: string, message?: string) => [
    { type: 'Ready', status, ...(message && { message }) },
  ]
  const names = { latestCreatedRevisionName: 'auth-00002', latestReadyRevisionName: 'auth-00002' }

  test.each<[string, Service['status'], boolean, string?]>([
    ['that Knative does not know yet', undefined, false, 'Knative has not seen it yet.'],
    [
      'whose condition is that of the revision before',
      { observedGeneration: 1, conditions: conditions('True'), ...names },
      false,
      'Knative has not seen it yet.',
    ],
    ['that answers', { observedGeneration: 2, conditions: conditions('True'), ...names }, true],
    [
      'whose new revision is still starting',
      {
        observedGeneration: 2,
        conditions: conditions('True'),
        ...names,
        latestReadyRevisionName: 'auth-00001',
      },
      false,
      'auth-00002 is not ready yet.',
    ],
    [
      'that cannot start',
      { observedGeneration: 2, conditions: conditions('False', 'It ended with 1.'), ...names },
      false,
      'It ended with 1.',
    ],
  ])('%s', (_, status, isReady, reason) => {
    const standing = standingOf(service(status))
    expect(standing.isReady).toBe(isReady)
    if (reason) expect(standing.reason).toBe(reason)
  })
})

describe('the version of a function', () => {
  async function built(files: Record<string, string>) {
    const directory = await temporaryDirectory()
    const { path } = directory
    await mkdir(join(path, 'dist/auth'), { recursive: true })
    for (const [file, text] of Object.entries({ Dockerfile: 'FROM a', 'package.json': node('1'), ...files }))
      await writeFile(join(path, file), text)
    return { version: () => versionOf('auth', path), [Symbol.asyncDispose]: () => directory.remove() }
  }
  const node = (version: string) => JSON.stringify({ devDependencies: { node: version } })
  const code = { 'dist/auth/main.cjs': 'a', 'dist/auth/function.cjs': 'b' }

  test('is that of its code and of what lies below, whatever it was compiled to', async () => {
    await using one = await built({ ...code, 'dist/auth/function.x64.compiled': '1' })
    await using same = await built({
      ...code,
      'dist/auth/function.x64.compiled': '2',
      'dist/auth/function.cjs.map': '3',
    })
    expect(one.version()).toMatch(/^[\da-f]{16}$/)
    expect(same.version()).toBe(one.version())
    for (const change of [
      { Dockerfile: 'FROM b' },
      { 'package.json': node('2') },
      { 'dist/auth/main.cjs': 'c' },
      { 'dist/auth/more.cjs': 'b' },
    ]) {
      await using other = await built({ ...code, ...change })
      expect(other.version()).not.toBe(one.version())
    }
  })

  test('is none before it is built', async () => {
    await using nothing = await built({})
    expect(() => nothing.version()).toThrow('auth is not built: npm run build.')
  })
})
