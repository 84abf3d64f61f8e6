import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** More than a small machine has processors: files wait for pages and for Postgres about as long as they compute. */
const inParallel = { maxWorkers: Math.max(3, availableParallelism()) }

/** After the others, and two files at a time whatever the machine has: each brings up a system of its own. */
const systems = { maxWorkers: 2, sequence: { groupOrder: 1 } }

/**
 * Five projects: `repository` needs no database and runs in seconds; `real` runs on a real Postgres; `web` in a real browser;
 * `stack` on a real Postgres, a real broker and real sidecars; `faults` breaks such parts.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'repository',
          ...inParallel,
          include: [
            'shared/{contract,recurrence}/**/*.test.ts',
            'test/repository/**/*.test.ts',
            'test/faults/check.test.ts',
            'web/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'web',
          ...inParallel,
          include: ['test/web/**/*.test.ts'],
          globalSetup: ['test/web/setup.ts'],
          // Seconds, on a machine of its own; the limits leave room for one that does much else.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'real',
          ...inParallel,
          include: [
            'functions/**/*.test.ts',
            'shared/{data,http,dapr,runtime}/**/*.test.ts',
            'local/**/*.test.ts',
            'test/real/**/*.test.ts',
          ],
          globalSetup: ['shared/testing/postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'stack',
          ...systems,
          include: ['test/stack/**/*.test.ts'],
          globalSetup: ['shared/testing/postgres.ts', 'test/stack/parts.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          ...systems,
          include: ['test/faults/smoke-*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
