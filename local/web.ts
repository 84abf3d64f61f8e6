/** Serves the web app: the same files, with the same headers, as from a bucket. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import type { Env } from '../shared/http/env.ts'
import { log } from '../shared/runtime/log.ts'
import { headersFor, pageHeaders } from '../web/export/headers.ts'

const dist = join(import.meta.dirname, '../web/dist')

/** Builds the app when it is missing or old. In a process of its own: the database starts meanwhile. False: there is none. */
export async function prepareWeb(): Promise<boolean> {
  const script = join(import.meta.dirname, '../web/export/build.ts')
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((ended) => child.once('exit', ended))
  if (code !== 0)
    log.warn('the web app cannot be built, the API runs without it', { error: output.slice(-2_000) })
  return code === 0
}

/** Answers with a file; a person who asks for a page that is not there gets one that says so. The rest is left to others. */
export function serveWeb(): MiddlewareHandler<Env> {
  const files = serve((path) => (path === '/' ? '/index.html' : /\.\w+$/.test(path) ? path : `${path}.html`))
  const missing = serve(() => '/404.html')
  return async (c, next) => {
    const found = await files(c, async () => {})
    if (found instanceof Response) return found
    const isPage = c.req.header('accept')?.includes('text/html') && !c.req.path.startsWith('/api/')
    if (!isPage) return next()
    const page = await missing(c, async () => {})
    return page instanceof Response ? new Response(page.body, { status: 404, headers: page.headers }) : next()
  }
}

const serve = (fileOf: (path: string) => string) =>
  serveStatic<Env>({
    root: dist,
    precompressed: true,
    rewriteRequestPath: fileOf,
    onFound: (path, c) => {
      const file = path.slice(dist.length + 1).replace(/\.(br|gz)$/, '')
      for (const [name, value] of Object.entries({ ...headersFor(file), ...pageHeaders }))
        c.header(name, value)
    },
  })
