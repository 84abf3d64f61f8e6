/**
 * The broker of one process. It delivers what the relay publishes to the subscribers of the manifest, with the answers,
 * retries and dead letters that Dapr and Kafka have in a cluster.
 *
 * It holds nothing: an event is acknowledged to the relay only when every subscriber has it or the dead letters have it.
 * Until then it stays in the outbox, so a crash loses nothing, and the relay's pauses are the pauses between retries.
 */
import { rows, type FunctionName } from '../functions/manifest.ts'
import { consumed } from '../functions/spec.ts'
import { delivery, type Topic } from '../shared/contract/events.ts'
import type { Outgoing } from '../shared/dapr/sidecar.ts'
import { log } from '../shared/runtime/log.ts'
import { callFunction, type Function } from './host.ts'

/** Deliveries at a time. One task's events go one after another. */
const parallelMax = 16

type Subscriber = { target: Function; bulk: number }
type Outcome = 'done' | 'retry' | { dropped: string }

export type Publish = (events: Outgoing[]) => Promise<(Error | undefined)[]>

export function createBroker(functions: Map<FunctionName, Function>): Publish {
  const subscribers = Map.groupBy(subscriptions(functions), ({ topic }) => topic)
  const attempts = new Map<string, number>()

  /** Counts a failed delivery; the last one of the policy is the dead letters' turn. */
  async function settle(
    { target }: Subscriber,
    { topic, id, event }: Outgoing,
    outcome: Outcome,
  ): Promise<boolean> {
    const attempt = `${target.name} ${id}`
    const count = (attempts.get(attempt) ?? 0) + 1
    if (outcome === 'retry' && count <= delivery.retries) {
      attempts.set(attempt, count)
      return false
    }
    if (outcome !== 'done') {
      const store = functions.get('dead-letter-store')!
      const error = outcome === 'retry' ? '' : outcome.dropped
      const headers = {
        __topic: topic,
        'x-dead-letter-consumer': target.name,
        'x-dead-letter-error': encodeURIComponent(error),
        'x-dead-letter-attempts': String(count),
      }
      const stored = await deliver(store, event, headers)
      if (stored !== 'done') return false
    }
    attempts.delete(attempt)
    return true
  }

  async function deliverOne(outgoing: Outgoing): Promise<boolean> {
    const settled = await Promise.all(
      (subscribers.get(outgoing.topic) ?? [])
        .filter(({ bulk }) => bulk === 1)
        .map(async (subscriber) =>
          settle(subscriber, outgoing, await deliver(subscriber.target, outgoing.event)),
        ),
    )
    return settled.every(Boolean)
  }

  async function deliverBulk(subscriber: Subscriber, batch: Outgoing[]): Promise<boolean[]> {
    const outcomes = await deliverEntries(subscriber.target, batch)
    return Promise.all(batch.map((outgoing, index) => settle(subscriber, outgoing, outcomes[index]!)))
  }

  return async function publish(events) {
    const failed = new Set<number>()
    const keys = [...Map.groupBy(events.keys(), (index) => events[index]!.key).values()]
    const singles = inParallel(keys, async (indexes) => {
      for (const index of indexes) {
        if (await deliverOne(events[index]!)) continue
        // The order within a key: what comes after a failed event waits with it.
        for (const later of indexes.slice(indexes.indexOf(index))) failed.add(later)
        return
      }
    })
    const batches = [...Map.groupBy(events.keys(), (index) => events[index]!.topic)].flatMap(
      ([topic, indexes]) =>
        (subscribers.get(topic) ?? [])
          .filter(({ bulk }) => bulk > 1)
          .flatMap((subscriber) => chunks(indexes, subscriber.bulk).map((chunk) => ({ subscriber, chunk }))),
    )
    const bulks = inParallel(batches, async ({ subscriber, chunk }) => {
      const settled = await deliverBulk(
        subscriber,
        chunk.map((index) => events[index]!),
      )
      for (const [position, index] of chunk.entries()) if (!settled[position]) failed.add(index)
    })
    await Promise.all([singles, bulks])
    return events.map((_, index) =>
      failed.has(index) ? new Error('a subscriber will be asked again') : undefined,
    )
  }
}

function subscriptions(functions: Map<FunctionName, Function>): (Subscriber & { topic: Topic })[] {
  return rows.flatMap(([name, row]) =>
    row.trigger === 'event'
      ? consumed(name, row).map(({ topic, bulk }) => ({ topic, target: functions.get(name)!, bulk }))
      : [],
  )
}

/** One delivery, and what its answer means to Dapr. */
async function deliver(
  target: Function,
  event: string,
  headers: Record<string, string> = {},
): Promise<Outcome> {
  const reply = await answered(callFunction(target, 'events', event, headers))
  if (!reply) return 'retry'
  const { status } = await bodyOf<{ status?: string }>(reply)
  if (status === 'DROP' || reply.status === 404) {
    return {
      dropped: decodeURIComponent(reply.headers.get('x-drop-reason') ?? '') || `refused with ${reply.status}`,
    }
  }
  return reply.ok && (status === undefined || status === 'SUCCESS') ? 'done' : 'retry'
}

/** Dapr's bulk delivery, raw; an entry without an answer is asked again. */
async function deliverEntries(target: Function, batch: Outgoing[]): Promise<Outcome[]> {
  const entries = batch.map(({ event }, index) => ({
    entryId: String(index),
    event: Buffer.from(event).toString('base64'),
    contentType: 'application/octet-stream',
  }))
  const reply = await answered(
    callFunction(target, 'events', { id: 'bulk', entries }, { 'content-type': 'application/json' }),
  )
  const { statuses = [] } = reply?.ok
    ? await bodyOf<{ statuses?: { entryId: string; status: string }[] }>(reply)
    : {}
  const answers = new Map(statuses.map(({ entryId, status }) => [entryId, status]))
  return entries.map(({ entryId }) => {
    const status = answers.get(entryId)
    return status === 'SUCCESS'
      ? 'done'
      : status === 'DROP'
        ? { dropped: 'not an event that can be handled' }
        : 'retry'
  })
}

/** The reply, or nothing when it takes longer than Dapr would wait. */
async function answered(reply: Promise<Response>): Promise<Response | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), delivery.timeoutMs)
  try {
    return await Promise.race([reply, late.promise])
  } catch (error) {
    log.error('delivery failed', { error: (error as Error).message })
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

const bodyOf = async <T extends object>(reply: Response): Promise<T> =>
  (await reply.json().catch(() => ({}))) as T

async function inParallel<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: Math.min(parallelMax, items.length) }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

const chunks = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
