/** The files of the repository, as its tests read them. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

const madeElsewhere = new Set([
  'node_modules',
  'dist',
  '.git',
  '.data',
  '.next',
  'out',
  'coverage',
  'release',
])

/** Paths from the root, folders too, without what tools and runs leave behind. */
export const pathsOf = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: (path) => madeElsewhere.has(path.split('/').at(-1)!) })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** What of `paths` breaks a rule: where the pattern is found, with the line. */
export function findings(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  )
}
