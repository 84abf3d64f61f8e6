/** A disk of its own for the database, small enough to be filled. */
import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const megabytes = 1_024

export type Disk = {
  /** Takes all that is left, and answers how to give it back. */
  fill(): Promise<() => Promise<void>>
  remove(): Promise<void>
}

/** Whether this user may have one. */
export const mayMount = process.platform === 'linux' && process.getuid?.() === 0

/** Mounts one, in memory, at `path`. */
export async function smallDisk(path: string): Promise<Disk> {
  await mkdir(path, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path])
  return {
    async fill() {
      const rest = join(path, 'rest')
      // It ends when nothing is left, which is an error to it.
      await run('dd', ['if=/dev/zero', `of=${rest}`, 'bs=64k']).catch(() => {})
      return () => rm(rest)
    },
    async remove() {
      await run('umount', [path])
    },
  }
}
