/** The row of a dead letter. */
import { giveUp } from '../../../shared/data/deliveries.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import type { DeadLetter } from './dead-letter.ts'

const noReason = 'No reason is known: the handler did not answer in time, or it was away.'

/**
 * Stores a dead letter and ends the mail it stands for. What the consumer itself recorded says more than what the broker
 * knows. The same one again is no second row; one that was replayed and failed again waits once more. True when it is new.
 */
export async function store({ delivery_id, ...letter }: DeadLetter): Promise<boolean> {
  return transaction(async () => {
    const [row] = await sql<[{ fresh: boolean }]>`
      with failure as (
        select consumer, error, attempts
        from event_failures
        where event_id = ${letter.event_id}::uuid
          and (${letter.consumer}::text is null or consumer = ${letter.consumer})
        order by failed_at desc, consumer
        limit 1
      )
      insert into dead_letters (event_id, fingerprint, topic, consumer, event, error, attempts)
      select
        ${letter.event_id}::uuid, ${letter.fingerprint}, ${letter.topic},
        coalesce(${letter.consumer}, failure.consumer),
        ${letter.event},
        coalesce(failure.error, ${letter.error}, ${noReason}),
        coalesce(${letter.attempts}::integer, failure.attempts)
      from (values (1)) as one (row)
      left join failure on true
      on conflict (fingerprint, consumer, topic) do update
      set state = 'stored', error = excluded.error, attempts = excluded.attempts, replayed_at = null
      returning xmax = 0 as fresh`
    if (delivery_id) await giveUp(delivery_id)
    return row.fresh
  })
}
