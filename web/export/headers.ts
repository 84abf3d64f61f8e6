/** How each file of the export is to be served, by the embedded host and by buckets alike. */

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json',
  webmanifest: 'application/manifest+json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
}

/** The name has a hash of the content: it never changes. */
const isHashed = (path: string) => path.startsWith('_next/static/')

/** Headers of a file of the export, by its path in it (`inbox.html`). */
export function headersFor(path: string): Record<string, string> {
  const type = types[path.split('.').at(-1)!]
  if (!type) throw new Error(`${path}: no content type is known for it. Add one to web/export/headers.ts.`)
  return {
    'content-type': type,
    // Asked for anew each time, and answered with 304 while it is the same.
    'cache-control': isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
}

/** What a page cannot say in itself. */
export const pageHeaders: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cross-origin-opener-policy': 'same-origin',
}

/** The addresses of a file: pages have none of their own ending. */
export function addressesOf(path: string): string[] {
  if (path === 'index.html') return ['/']
  return path.endsWith('.html') ? [`/${path.slice(0, -5)}`] : [`/${path}`]
}
