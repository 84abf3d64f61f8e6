/** The identity of an occurrence: its task's id derives from the series and the key, so it cannot be made twice. */
import { createHash } from 'node:crypto'

/** Made once with `randomUUID()`; a change would make every task of every series a second time. */
const occurrenceNamespace = '210395fd-b911-45bd-9d80-ba6c97aab608'

/** The id of an occurrence's task. */
export const occurrenceId = (seriesId: string, key: string): string =>
  uuidV5(occurrenceNamespace, `${seriesId}/${key}`)

/** The name-based identifier of RFC 9562, section 5.5. */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
