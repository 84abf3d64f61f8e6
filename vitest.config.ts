import { defineConfig } from 'vitest/config'

/** Two projects: `repository` needs no database and runs in seconds; `real` runs on a real Postgres. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'repository',
          include: ['shared/{contract,recurrence}/**/*.test.ts', 'test/repository/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'real',
          include: [
            'functions/**/*.test.ts',
            'shared/{data,http,dapr,runtime}/**/*.test.ts',
            'local/**/*.test.ts',
            'test/real/**/*.test.ts',
          ],
          globalSetup: ['shared/testing/postgres.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
