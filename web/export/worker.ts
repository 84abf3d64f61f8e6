/** The service worker, with the list of what it keeps. */
import { createHash } from 'node:crypto'
import { addressesOf } from './headers.ts'

/** Read rarely, or by another program. */
const isKept = (path: string) =>
  !/^(docs|openapi|404|_not-found)\b/.test(path) &&
  !/\.(br|gz|ico)$/.test(path) &&
  !path.includes('_ssgManifest')

/** `source` is web/worker/worker.js; `files` are all files of the export by path. */
export function workerText(source: string, files: ReadonlyMap<string, Buffer>): string {
  const kept = [...files].filter(([path]) => isKept(path)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const hash = createHash('sha256')
  for (const [path, content] of kept) hash.update(path).update(content)
  const shell = kept.flatMap(([path]) => addressesOf(path))
  return `const version = '${hash.digest('hex').slice(0, 16)}'\nconst shell = ${JSON.stringify(shell)}\n\n${source}`
}
