/** Optimistic concurrency: a resource's version is its ETag (RFC 9110, sections 8.8.3 and 13.1.1). */
import { Problem } from '../contract/problem.ts'

export const etag = ({ version }: { version: number }): string => `"${version}"`

/**
 * The version that the caller saw, from `If-Match`: null when it does not matter (`*` or no header). The statement that
 * writes compares it; `versionMismatch` is what it answers when it differs.
 */
export function expectedVersion(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null
  const version = /^"(\d{1,9})"$/.exec(ifMatch.trim())?.[1]
  if (version === undefined) throw versionMismatch()
  return Number(version)
}

export const versionMismatch = (): Problem =>
  new Problem('version_mismatch', 'It was changed since you read it. Read it again and repeat your change.')

/** What a write answered, without `seen_version`, which must be the expected one. Throws `versionMismatch`. */
export function matched<Row extends { seen_version: number }>(
  { seen_version, ...row }: Row,
  expected: number | null,
): Omit<Row, 'seen_version'> {
  if (expected !== null && seen_version !== expected) throw versionMismatch()
  return row
}
