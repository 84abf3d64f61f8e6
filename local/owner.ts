/** One process owns a data directory at a time. */
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `database_url` lets the commands of this directory reach the embedded server. */
export type Owner = { pid: number; started: string; url?: string; database_url?: string }

/** Makes this process the owner, or ends it with a sentence about who is. An owner that died is replaced. */
export async function becomeOwner(directory: string) {
  const path = join(directory, 'running.json')
  const mine: Owner = { pid: process.pid, started: new Date().toISOString() }
  const taken = await open(path, 'wx', 0o600).catch(() => undefined)
  if (taken) {
    await taken.writeFile(JSON.stringify(mine))
    await taken.close()
  } else {
    const other = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as Partial<Owner>
    if (other.pid && (await isOurs(other.pid))) {
      process.stderr.write(
        `The task manager runs already on ${directory}: process ${other.pid}, since ${other.started}, ${other.url ?? 'starting'}.\n` +
          'Stop it, or choose another directory and port: DATA_DIR=.data2 PORT=3001 npm start\n',
      )
      process.exit(1)
    }
    await writeFile(path, JSON.stringify(mine))
  }
  return {
    announce: (more: Pick<Owner, 'url' | 'database_url'>) =>
      writeFile(path, JSON.stringify({ ...mine, ...more }), { mode: 0o600 }),
    release: () => rm(path, { force: true }),
  }
}

/** Alive and one of ours: after a reboot the number may belong to anything. */
async function isOurs(pid: number): Promise<boolean> {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'start.ts')
  return command.includes('start.ts')
}
