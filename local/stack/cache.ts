/** Where parts that were built or fetched once are kept for all checkouts of this user. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** XDG Base Directory Specification: `$XDG_CACHE_HOME`, or else `~/.cache`. */
const cacheDirectory = () =>
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'todo-functions')

/**
 * The directory `name`-`digest of the files that define it`. `make` fills it when it is missing; it is there whole or not at
 * all, whenever the process ends and however many make it at once.
 */
export async function cached(
  name: string,
  definedBy: string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256')
  for (const path of definedBy) hash.update(await readFile(path))
  const directory = join(cacheDirectory(), `${name}-${hash.digest('hex').slice(0, 12)}`)
  if (await exists(directory)) return directory
  await mkdir(cacheDirectory(), { recursive: true })
  const part = await mkdtemp(`${directory}.part-`)
  try {
    await make(part)
    await rename(part, directory).catch(async (error: Error) => {
      if (!(await exists(directory))) throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  return directory
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
