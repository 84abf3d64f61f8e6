/** One round of reconciling the event log with the inbox. */
import { context } from '../../../shared/runtime/context.ts'
import { eventsReconciled } from '../../../shared/runtime/metrics.ts'
import { log } from '../../../shared/runtime/log.ts'
import { sql } from '../../../shared/data/sql.ts'
import { functions } from '../../manifest.ts'

const batchMax = 1_000
/** Younger events may still be on their way; the retries of a delivery take as long. */
const patience = '5 minutes'
const horizon = '1 day'

/** Who has to have a receipt of the events of which topic. `dead-letter-store` gets what is not in the log. */
const subscriptions = Object.entries(functions).flatMap(([consumer, row]) =>
  row.trigger === 'event' ? row.topics.map((topic) => ({ consumer, topic })) : [],
)

/**
 * Puts events back into the outbox that some subscriber of their topic has no inbox row of, at most 1,000, and answers how
 * many. What waits in the outbox, or was stored as a dead letter, is on its way already. Every subscriber gets the event again, and
 * the inbox keeps the effect of the others from being repeated.
 */
export async function reconcile(): Promise<number> {
  const queued = await sql<{ consumer: string; event_id: string }[]>`
    with missing as (
      select distinct on (logged.created_at, logged.id)
        logged.id, logged.created_at, logged.topic, subscription.consumer,
        coalesce(logged.task_id, logged.recurring_task_id) as partition_key
      from unnest(
        ${subscriptions.map(({ consumer }) => consumer)}::text[],
        ${subscriptions.map(({ topic }) => topic)}::text[]
      ) as subscription (consumer, topic)
      join task_event_log as logged on logged.topic = subscription.topic
      where logged.created_at > clock_now() - ${horizon}::interval
        and logged.created_at < clock_now() - ${patience}::interval
        and not exists (
          select from inbox
          where inbox.consumer = subscription.consumer
            and inbox.event_id = logged.id
            and inbox.event_time = logged.created_at
        )
        and not exists (select from outbox where outbox.event_id = logged.id)
        and not exists (select from dead_letters where dead_letters.event_id = logged.id)
      order by logged.created_at, logged.id
      limit ${batchMax}
    ),
    queued as (
      insert into outbox (event_id, event_time, topic, partition_key)
      select id, created_at, topic, partition_key
      from missing
      order by created_at, id
    )
    select consumer, id as event_id
    from missing`
  for (const { consumer, event_id } of queued) {
    eventsReconciled.inc({ consumer })
    log.warn('event sent again: no receipt', { consumer, event_id })
  }
  if (queued.length > 0) context()!.after.wake = true
  return queued.length
}
