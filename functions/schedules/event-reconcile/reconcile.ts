/** One round of reconciling the event log with the inbox. */
import { redeliveryOf } from '../../../shared/contract/events.ts'
import { wakeAfterwards } from '../../../shared/data/signal.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { log } from '../../../shared/runtime/log.ts'
import { eventsReconciled } from '../../../shared/runtime/metrics.ts'
import { functions } from '../../manifest.ts'

const batchMax = 1_000
/** Younger events may still be on their way; the retries of a delivery take as long. */
const patience = '5 minutes'

/** Key of the advisory lock: two ticks at once must not queue an event twice. */
const lock = 7_305_002

/** Who has to have a receipt of the events of which topic, and by which one it gets them again. */
const subscriptions = Object.entries(functions).flatMap(([consumer, row]) => {
  const redelivery = redeliveryOf(consumer)
  return row.trigger === 'event' && redelivery
    ? row.topics.map((topic) => ({ consumer, topic, redelivery }))
    : []
})

type Span = { from_time: string; to_time: string }
type Missing = { consumer: string; event_id: string }

/**
 * Puts events back into the outbox that some subscriber of their topic has no receipt of, at most 1,000, and answers how many.
 * What waits in the outbox, was stored as a dead letter or failed a moment ago is on its way already; so is what was put back
 * less than five minutes before. They go by a topic of this subscriber's own, which flows also when its sidecar stands still on
 * the first one.
 */
export async function reconcile(): Promise<number> {
  const queued = await transaction(async () => {
    const found: Missing[] = []
    for (const span of await claimSpans()) found.push(...(await queueMissing(span, batchMax - found.length)))
    return found
  })
  if (queued.length === 0) return 0
  for (const [consumer, events] of Map.groupBy(queued, (row) => row.consumer)) {
    eventsReconciled.inc({ consumer }, events.length)
    log.warn('events sent again: no receipt', { consumer, events: events.length, first: events[0]!.event_id })
  }
  wakeAfterwards(['outbox-relay'])
  return queued.length
}

/**
 * The last hour, and one of the 23 hours before it in turn: a look at the whole day would take longer the more happens in it,
 * and would find nothing that the rounds before it have not found. None for a tick that comes while another one works.
 */
async function claimSpans(): Promise<Span[]> {
  const [owner] = await sql<[{ is: boolean }]>`select pg_try_advisory_xact_lock(${lock}) as is`
  if (!owner.is) return []
  return sql<Span[]>`
    select span.*
    from (values (1 + floor(extract(epoch from clock_now()) / 60)::bigint % 23)) as turn (hour)
    cross join lateral (
      values
        (clock_now() - interval '1 hour', clock_now() - ${patience}::interval),
        (clock_now() - (hour + 1) * interval '1 hour', clock_now() - hour * interval '1 hour')
    ) as span (from_time, to_time)`
}

/** The span comes as values, for the planner to see which partitions and how much of an index it is about. */
const queueMissing = ({ from_time, to_time }: Span, limit: number) => sql<Missing[]>`
  with missing as (
    select
      logged.id, logged.created_at, subscription.consumer, subscription.redelivery,
      coalesce(logged.task_id, logged.recurring_task_id) as partition_key
    from unnest(
      ${subscriptions.map(({ consumer }) => consumer)}::text[],
      ${subscriptions.map(({ topic }) => topic)}::text[],
      ${subscriptions.map(({ redelivery }) => redelivery)}::text[]
    ) as subscription (consumer, topic, redelivery)
    join task_event_log as logged on logged.topic = subscription.topic
    where logged.created_at >= ${from_time} and logged.created_at < ${to_time}
      and not exists (
        select from inbox
        where inbox.consumer = subscription.consumer and inbox.event_id = logged.id
          and inbox.event_time = logged.created_at
          and inbox.event_time >= ${from_time} and inbox.event_time < ${to_time}
      )
      and not exists (
        select from outbox
        where outbox.event_id = logged.id and outbox.topic in (logged.topic, subscription.redelivery)
      )
      and not exists (
        select from dead_letters as dead
        where dead.event_id = logged.id and dead.state = 'stored'
          and (dead.consumer = subscription.consumer or dead.consumer is null)
      )
      and not exists (
        select from event_failures as failure
        where failure.event_id = logged.id and failure.consumer = subscription.consumer
          and failure.failed_at > clock_now() - ${patience}::interval
      )
    order by logged.created_at, logged.id, subscription.consumer
    limit ${limit}
  ),
  noted as (
    insert into event_failures (consumer, event_id, error)
    select consumer, id, 'There was no receipt after five minutes.'
    from missing
    on conflict (event_id, consumer) do update
    set attempts = event_failures.attempts + 1, failed_at = excluded.failed_at
  ),
  queued as (
    insert into outbox (event_id, event_time, topic, partition_key)
    select id, created_at, redelivery, partition_key
    from missing
    order by created_at, id
  )
  select consumer, id as event_id
  from missing`
