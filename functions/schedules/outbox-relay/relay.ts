/** One batch of the relay. */
import { events, type EventName, type Topic } from '../../../shared/contract/events.ts'
import { transaction, type Tx } from '../../../shared/data/sql.ts'
import { BrokerAway, sidecar, type Outgoing } from '../../../shared/dapr/sidecar.ts'
import { log } from '../../../shared/runtime/log.ts'
import { eventsPublished, publishDelay } from '../../../shared/runtime/metrics.ts'
import { createPauses } from './pauses.ts'

const batchMax = 800
const shards = 8
/** First key of the advisory locks; the second is the shard. */
const lockSpace = 7305

const pauses = createPauses()

type Row = {
  position: number
  topic: Topic
  partition_key: string
  id: string
  event_type: EventName
  /** JSON. */
  event_data: string
  traceparent: string | null
  created_at: string
}
type Gone = { position: number; id: null }

/**
 * Publishes up to 800 events and answers how long to sleep. The transaction holds the locks of the shards that nobody else
 * holds, so that of all relays only one publishes the events of a task. A key whose event was refused is left alone for a
 * while, with everything behind it: the order stays and the others go on.
 */
export async function relay(): Promise<number> {
  // Wake-ups do not shorten this: each write would knock at a broker that is away.
  const awayMs = pauses.awayMs()
  if (awayMs > 0) return awayMs
  return transaction(async (tx) => {
    const rows = await nextRows(tx)
    if (rows.length === 0) return pauses.nextMs()
    const waiting = rows.filter((row): row is Row => row.id !== null)
    const { outcomes, away } = await publishInTurns(waiting)
    logRefused(outcomes)
    // A user who is deleted takes the log along: what was still to be published then is nobody's any more.
    const published = rows.filter(({ id }) => id === null).map(({ position }) => position)
    for (const [row, error] of outcomes) {
      eventsPublished.inc({ topic: row.topic, result: error ? 'failed' : 'acknowledged' })
      if (error) pauses.fail(row.partition_key)
      else {
        pauses.succeed(row.partition_key)
        published.push(row.position)
        publishDelay.observe((Date.now() - Date.parse(row.created_at)) / 1000)
      }
    }
    await tx`delete from outbox where position = any(${published})`
    if (away) {
      log.warn('broker away', { events: waiting.length - outcomes.size, error: away.message })
      pauses.failAll()
      return pauses.awayMs()
    }
    return rows.length === batchMax ? 0 : pauses.nextMs()
  })
}

/**
 * The next events in the order they were written, of the shards that are locked by this: both statements go in one round trip.
 * Without sorting Postgres reads the queue by `position`, and stops at the limit, and without reading whole tables it finds each
 * event by its key: however long queue and log are, and whatever was known of them when the plan was made.
 */
async function nextRows(tx: Tx): Promise<(Row | Gone)[]> {
  const locked = tx`
    select
      set_config('todo.shards', coalesce(array_agg(shard), '{}')::text, true),
      set_config('enable_sort', 'off', true),
      set_config('enable_seqscan', 'off', true),
      set_config('plan_cache_mode', 'force_generic_plan', true)
    from generate_series(0, ${shards - 1}) as shard
    where pg_try_advisory_xact_lock(${lockSpace}, shard)`
  // Written out: with a parameter Postgres may plan for a tenth of the queue.
  const limit = tx.unsafe(String(batchMax))
  const rows = tx<(Row | Gone)[]>`
    select
      queued.position, queued.topic, queued.partition_key,
      logged.id, logged.event_type, logged.event_data::text as event_data, logged.traceparent, logged.created_at
    from (
      select position, event_id, event_time, topic, partition_key
      from outbox
      where shard = any(current_setting('todo.shards')::smallint[])
        and partition_key <> all(${pauses.keys()}::uuid[])
      order by position
      limit ${limit}
    ) as queued
    left join lateral (
      select *
      from task_event_log
      where id = queued.event_id and created_at = queued.event_time
      limit 1
    ) as logged on true
    order by queued.position`
  return (await Promise.all([locked, rows]))[1]
}

/**
 * Publishes of each key one event after another, and of all keys at once; what comes after a failed event is not tried. Several
 * of one key in one call would not do: what the producer in the sidecar tries again may be stored behind what followed it.
 * Answers what became of those that were tried, in the order of the rows of each key, and stops when nothing gets through.
 */
async function publishInTurns(
  rows: Row[],
): Promise<{ outcomes: Map<Row, Error | undefined>; away?: BrokerAway }> {
  const outcomes = new Map<Row, Error | undefined>()
  const queues = [...Map.groupBy(rows, (row) => row.partition_key).values()]
  for (let turn = queues; turn.length > 0;) {
    const first = turn.map((queue) => queue[0]!)
    const errors = await (await sidecar()).publish(first.map(toOutgoing))
    const [away] = errors
    if (away && errors.every((error) => error instanceof BrokerAway)) {
      eventsPublished.inc({ topic: first[0]!.topic, result: 'failed' })
      return { outcomes, away }
    }
    for (const [index, row] of first.entries()) outcomes.set(row, errors[index])
    turn = turn.filter((queue, index) => !errors[index] && queue.length > 1).map((queue) => queue.slice(1))
  }
  return { outcomes }
}

/** One line for all of a batch: a broker that is half away refuses hundreds. */
function logRefused(outcomes: Map<Row, Error | undefined>): void {
  const refused = [...outcomes].filter(([, error]) => error !== undefined)
  const [first] = refused
  if (!first) return
  const [{ id, topic }, error] = first
  log.warn('events not published', { events: refused.length, event_id: id, topic, error: error!.message })
}

/** The CloudEvent as it goes to the broker, with the data as the database writes them: reading them here takes time for nothing. */
function toOutgoing(row: Row): Outgoing {
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: row.id,
    source: 'todo',
    type: events[row.event_type].type,
    subject: row.partition_key,
    time: row.created_at,
    datacontenttype: 'application/json',
    ...(row.traceparent && { traceparent: row.traceparent }),
  })
  const event = `${attributes.slice(0, -1)},"data":${row.event_data}}`
  return { topic: row.topic, key: row.partition_key, id: row.id, event }
}
