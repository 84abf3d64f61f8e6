/** What a process is. Its number alone may belong to anybody after a reboot. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The command line of a process; empty when there is no such process, undefined where the system does not tell. */
export async function commandOf(pid: number): Promise<string | undefined> {
  if (existsSync('/proc/self/cmdline')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return command.replaceAll('\0', ' ').trim()
  }
  return run('ps', ['-ww', '-p', String(pid), '-o', 'command=']).then(
    ({ stdout }) => stdout.trim(),
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : ''),
  )
}
