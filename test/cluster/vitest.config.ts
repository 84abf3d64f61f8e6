import { defineConfig } from 'vitest/config'

/**
 * `npm run test:cluster`: the application on the cluster of `KUBECONFIG`, one file after another. It is installed first, by the
 * manifests of `knative/overlays/local`, and stays.
 */
export default defineConfig({
  test: {
    include: ['test/cluster/*.test.ts'],
    globalSetup: ['test/cluster/install.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['verbose'],
  },
})
