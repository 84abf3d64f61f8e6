/** The secret of a data directory. */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Made once, kept where only its owner reads it. */
export async function ownSecret(directory: string): Promise<string> {
  const path = join(directory, 'auth-secret')
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept) return kept
  const secret = randomBytes(32).toString('base64url')
  await writeFile(path, secret, { mode: 0o600 })
  return secret
}
