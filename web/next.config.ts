import { join } from 'node:path'
import type { NextConfig } from 'next'

export default {
  output: 'export',
  // Code of shared/ belongs to the app as well.
  turbopack: { root: join(import.meta.dirname, '..') },
  // `npm run verify` checks types and rules, for the whole repository at once.
  typescript: { ignoreBuildErrors: true },
  // A cache between builds is where Turbopack has panicked, and the build takes seconds without it.
  experimental: { turbopackFileSystemCacheForBuild: false },
  reactStrictMode: true,
  poweredByHeader: false,
} satisfies NextConfig
