/** The mails that really arrived. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime from 'postal-mime'

/** How many mails the server has taken about each task since an instant: a name begins with when it came. */
export async function mailsByTask(mailbox: string, since: Date): Promise<Map<string, number>> {
  const first = since.toISOString().replaceAll(/[:.]/g, '-')
  const names = (await readdir(mailbox)).filter((name) => name.endsWith('.eml') && name >= first)
  const counts = new Map<string, number>()
  for (const name of names) {
    const { html = '' } = await PostalMime.parse(await readFile(join(mailbox, name)))
    const task = /[?&]task=([0-9a-f-]{36})/.exec(html)?.[1]
    if (task) counts.set(task, (counts.get(task) ?? 0) + 1)
  }
  return counts
}
