import { defineConfig } from 'vitest/config'

/** All processors: Vitest leaves one of them idle, which is half of a small machine. Beside the browsers, one by one. */
const inParallel = { maxWorkers: '100%', sequence: { groupOrder: 1 } }

/** Two files at a time, whatever the machine has: each brings up a system of its own, and waits more than it computes. */
const systems = { maxWorkers: 2, sequence: { groupOrder: 2 } }

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
          include: ['test/web/**/*.test.ts'],
          globalSetup: ['test/web/setup.ts'],
          // They wait for pages more than they compute.
          maxWorkers: 3,
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
