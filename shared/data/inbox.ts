/** At-least-once delivery, once-only effects: the inbox row and the effect commit together. */
import type { CloudEvent } from '../dapr/event.ts'
import { sql, transaction, type Tx } from './sql.ts'

/**
 * Does `work` once for this consumer and event, however often the event arrives; a repeat does nothing. Whatever `work`
 * throws undoes both the effect and the inbox row, so that the redelivery finds it undone.
 */
export async function once(
  consumer: string,
  event: Pick<CloudEvent, 'id' | 'time'>,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  await transaction(async (tx) => {
    const [fresh] = await sql`
      insert into inbox (consumer, event_id, event_time)
      values (${consumer}, ${event.id}, ${event.time})
      on conflict do nothing
      returning 1`
    if (fresh) await work(tx)
  })
}
