/** One process owns a data directory at a time. */
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commandOf } from './command.ts'
import { readRecord, writeRecord } from './record.ts'

/** `database_url` lets the commands of this directory reach the embedded server. */
export type Owner = { pid: number; started: string; url?: string; database_url?: string }

/** Makes this process the owner, or ends it with a sentence about who is. An owner that died is replaced. */
export async function becomeOwner(directory: string) {
  const path = join(directory, 'running.json')
  const mine: Owner = { pid: process.pid, started: new Date().toISOString() }
  const part = `${path}.${process.pid}`
  await writeFile(part, JSON.stringify(mine), { mode: 0o600 })
  // Of two that start at once, one makes the link.
  const isFree = await link(part, path).then(
    () => true,
    () => false,
  )
  if (isFree) {
    await rm(part)
  } else {
    const other = await readRecord<Owner>(path)
    if (other.pid && (await isOurs(other.pid))) {
      await rm(part)
      process.stderr.write(
        `The task manager runs already on ${directory}: process ${other.pid}, since ${other.started}, ${other.url ?? 'starting'}.\n` +
          'Stop it, or choose another directory and port: DATA_DIR=.data2 PORT=3001 npm start\n',
      )
      process.exit(1)
    }
    await rename(part, path)
  }
  return {
    announce: (more: Pick<Owner, 'url' | 'database_url'>) => writeRecord(path, { ...mine, ...more }),
    release: () => rm(path, { force: true }),
  }
}

/** Alive and one of ours, whoever runs it: after a reboot the number may belong to anything. */
async function isOurs(pid: number): Promise<boolean> {
  if (pid === process.pid) return false
  const command = await commandOf(pid)
  return command?.includes('start.ts') ?? isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
