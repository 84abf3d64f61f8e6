/** One function as one file. */
import { join } from 'node:path'
import { build, type BuildOptions, type Metafile } from 'esbuild'
import { folder, type FunctionName } from '../functions/manifest.ts'

export const root = join(import.meta.dirname, '..')

/** What no bundle may contain, because it is asked for inside a `try` and never there. */
const optional = ['pg-native']

/** Packages in CommonJS call `require` for what Node itself brings. */
const banner = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`

/**
 * ESM and CommonJS start equally fast (measured: 109 and 111 ms of processor time to the first 401); ESM is what the code
 * is written in. There is no entry file: the server around a handler is these three lines.
 */
const options = (name: FunctionName, handler: string): BuildOptions => ({
  absWorkingDir: root,
  stdin: {
    contents: `
      import app from './${handler}'
      import { serve } from './shared/runtime/serve.ts'
      serve('${name}', app)`,
    resolveDir: root,
    sourcefile: `${name}.ts`,
    loader: 'ts',
  },
  outfile: `dist/${name}/main.mjs`,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  banner: { js: banner },
  define: { 'process.env.NODE_ENV': '"production"' },
  external: optional,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'silent',
})

export type Bundle = { bytes: number; inputs: Metafile['outputs'][string]['inputs'] }

/**
 * Bundles a function into `dist/<name>/main.mjs`, with its source map beside it, or only into memory. Answers its size and
 * what went into it. Throws what esbuild finds wrong; a warning is wrong, too.
 */
export async function bundle(
  name: FunctionName,
  { write = true, handler = `${folder(name)}/handler.ts` } = {},
): Promise<Bundle> {
  const { metafile, warnings } = await build({ ...options(name, handler), write })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => `${name}: ${text}`).join('\n'))
  const { bytes, inputs } = metafile!.outputs[`dist/${name}/main.mjs`]!
  return { bytes, inputs }
}
