/** The smoke slice of the faults: each part and each kind of fault. The whole matrix: `npm run faults`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryDirectory, type TemporaryDirectory } from '../../shared/testing/directory.ts'
import { run } from './run.ts'
import { startWorld, type World } from './world.ts'

/** Tests that none of the cells breaks a promise, in a world that they share. */
export function testCells(cells: string[]): void {
  let directory: TemporaryDirectory
  let world: World

  beforeAll(async () => {
    directory = await temporaryDirectory()
    world = await startWorld(directory.path)
  })
  afterAll(async () => {
    await world?.stop()
    await directory.remove()
  })

  describe.each(cells)('%s breaks no promise', (cell) => {
    test.each([1, 2, 3])('seed %i', async (seed) => {
      const result = await run(world, cell, seed)
      expect(result.violations).toEqual([])
      // A run in which nothing was asked would prove nothing.
      expect(result.operations.ok).toBeGreaterThan(10)
      expect(result.events).toBeGreaterThan(10)
    })
  })
}
