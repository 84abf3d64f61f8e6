/** Many events in one delivery, for consumers to whom their order does not matter. */
import type { Handler } from 'hono'
import * as v from 'valibot'
import { bulkBytesMax, delivery } from '../contract/events.ts'
import { recordFailure } from '../data/failures.ts'
import type { Env } from '../http/env.ts'
import { readText } from '../http/validate.ts'
import { errorFields, log } from '../runtime/log.ts'
import { eventsHandled } from '../runtime/metrics.ts'
import { check, done, drop, jsonIn, parse, recordRefusal, type CloudEvent } from './event.ts'

/**
 * Dapr's bulk delivery, raw: the event is the record's bytes, in base64 (why: `docs/decisions/013-raw-deliveries.md`). The id of
 * an entry is its place in the batch; the id of the event is inside.
 */
const Envelope = v.object({
  entries: v.array(v.object({ entryId: v.string(), event: v.optional(v.unknown()) })),
})

/** A sidecar that runs with the subscription of the last version hands over the event itself. */
const open = (event: unknown): unknown =>
  typeof event === 'string' ? jsonIn(Buffer.from(event, 'base64').toString()) : event

type Answer = { entryId: string; status: 'SUCCESS' | 'RETRY' | 'DROP' }
type Entry<Data> = { entryId: string; event: CloudEvent<Data> }
type Work<Data> = (events: CloudEvent<Data>[]) => Promise<void>

/** Of Dapr's patience with a delivery, the part in which entries are still begun. */
const beginUntilMs = delivery.timeoutMs / 2

/**
 * Handles the events of a bulk delivery with one call of `work`, or a single event on the same route. When the batch fails,
 * each entry is tried alone, so that an event that cannot be handled takes no other along. Every entry is answered for, with
 * 200: to Dapr anything else stands for the whole batch, and a 404 loses it (its bulk answers, measured).
 */
export function bulk<const S extends v.GenericSchema>(
  types: readonly string[],
  data: S,
  work: Work<v.InferOutput<S>>,
): Handler<Env> {
  return async (c) => {
    const startedAt = performance.now()
    const consumer = c.req.path.split('/').at(-1)!
    const json = parse(c, await readText(c.req.raw, bulkBytesMax))
    const batch = v.safeParse(Envelope, json)
    if (!batch.success) {
      const event = check(json, types, data)
      if (typeof event !== 'string') {
        await attempt(consumer, event, work)
        return done(c)
      }
      await recordRefusal(consumer, json, event)
      return drop(c, consumer, event)
    }
    const valid: Entry<v.InferOutput<S>>[] = []
    const dropped: Answer[] = []
    for (const { entryId, event: bytes } of batch.output.entries) {
      const given = open(bytes)
      const event = check(given, types, data)
      if (typeof event !== 'string') {
        valid.push({ entryId, event })
        continue
      }
      await recordRefusal(consumer, given, event)
      log.warn('event dropped', { consumer, reason: event, request_id: c.get('requestId') })
      dropped.push({ entryId, status: 'DROP' })
    }
    eventsHandled.inc({ consumer, result: 'dropped' }, dropped.length)
    const handled = await handle(consumer, valid, work, startedAt + beginUntilMs)
    return c.json({ statuses: [...dropped, ...handled] })
  }
}

async function handle<Data>(
  consumer: string,
  entries: Entry<Data>[],
  work: Work<Data>,
  beginUntil: number,
): Promise<Answer[]> {
  const all = (status: Answer['status']) => entries.map(({ entryId }) => ({ entryId, status }))
  try {
    if (entries.length > 0) await work(entries.map(({ event }) => event))
    eventsHandled.inc({ consumer, result: 'done' }, entries.length)
    return all('SUCCESS')
  } catch (error) {
    log.warn('batch failed', { consumer, events: entries.length, ...errorFields(error) })
  }
  const answers: Answer[] = []
  for (const { entryId, event } of entries) {
    const inTime = performance.now() < beginUntil
    const handled =
      inTime && (await attempt(consumer, event, work).then(() => true, logFailure(consumer, event)))
    answers.push({ entryId, status: handled ? 'SUCCESS' : 'RETRY' })
  }
  return answers
}

const logFailure =
  (consumer: string, { id }: CloudEvent) =>
  (error: unknown) => {
    log.error('event failed', { consumer, event_id: id, ...errorFields(error) })
    return false
  }

/** One event alone. Its failure is kept for its dead letter and thrown on. */
async function attempt<Data>(consumer: string, event: CloudEvent<Data>, work: Work<Data>): Promise<void> {
  try {
    await work([event])
    eventsHandled.inc({ consumer, result: 'done' })
  } catch (error) {
    eventsHandled.inc({ consumer, result: 'failed' })
    await recordFailure(consumer, event.id, error as Error)
    throw error
  }
}
