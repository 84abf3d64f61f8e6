/** Records of processes that run: small files that are there whole or not at all. */
import { readFile, rename, writeFile } from 'node:fs/promises'

/** What the file says; nothing when it is missing, or when the power went before it was on the disk. */
export async function readRecord<T>(path: string): Promise<Partial<T>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch {
    return {}
  }
}

/** Only its owner reads it. */
export async function writeRecord(path: string, record: object): Promise<void> {
  const part = `${path}.part`
  await writeFile(part, JSON.stringify(record), { mode: 0o600 })
  await rename(part, path)
}
