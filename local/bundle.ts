/** One function as one file, and so the migration. */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type BuildOptions, type Metafile } from 'esbuild'
import { folder, type FunctionName } from '../functions/manifest.ts'

export const root = join(import.meta.dirname, '..')

/** What no bundle may contain, because it is asked for inside a `try` and never there. */
const optional = ['pg-native']

const light = (file: string) => `./shared/runtime/light/${file}`

/**
 * What keeps undici, and with it TLS, HTTP/2 and zlib, out of a starting process: see `shared/runtime/light/web.ts`. It is
 * CommonJS, because an `import` of `node:http` loads undici for the `WebSocket` that it exports.
 */
const withoutUndici: BuildOptions = {
  format: 'cjs',
  inject: [light('web.ts')],
  define: {
    ...Object.fromEntries(['Request', 'Response', 'Headers'].map((name) => [name, `web.${name}`])),
    'globalThis.Headers': 'web.Headers',
    global: 'web',
    // Events of web sockets, which no function has.
    'globalThis.CloseEvent': 'undefined',
    'globalThis.ErrorEvent': 'undefined',
  },
  alias: { 'node:http2': light('http2.ts'), tls: light('tls.ts') },
}

/** The server around a handler is these three lines; `shared/runtime/light/main.cjs` starts it. */
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
  ...withoutUndici,
  outfile: `dist/${name}/function.cjs`,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node26',
  define: { ...withoutUndici.define, 'process.env.NODE_ENV': '"production"' },
  external: optional,
  // Read as Latin-1, which is what V8 holds the text in.
  charset: 'ascii',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'silent',
})

export type Bundle = { bytes: number; inputs: Metafile['outputs'][string]['inputs'] }

/**
 * Bundles a function into `dist/<name>/`: `main.cjs` is its entry, `function.cjs` the function, with its source map and its
 * compiled code beside it. Or only into memory. Answers its size and what went into it. Throws what esbuild finds wrong; a
 * warning is wrong, too.
 */
export async function bundle(
  name: FunctionName,
  { write = true, handler = `${folder(name)}/handler.ts` } = {},
): Promise<Bundle> {
  // Compiled code of another text must not stay: V8 compares no more than the length.
  if (write) await rm(join(root, `dist/${name}`), { recursive: true, force: true })
  const { metafile, warnings } = await build({ ...options(name, handler), write })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => `${name}: ${text}`).join('\n'))
  if (write) await cp(join(root, light('main.cjs')), join(root, `dist/${name}/main.cjs`))
  const { bytes, inputs } = metafile!.outputs[`dist/${name}/function.cjs`]!
  return { bytes, inputs }
}

/** Bundles `npm run migrate` into `dist/migrate/main.mjs`, with the migrations beside it. */
export async function bundleMigration(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['local/migrate.ts'],
    outfile: 'dist/migrate/main.mjs',
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node26',
    legalComments: 'none',
    logLevel: 'silent',
  })
  await cp(join(root, 'shared/data/migrations'), join(root, 'dist/migrate/migrations'), { recursive: true })
}
