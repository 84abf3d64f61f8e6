/**
 * Two producers of one broker: which of them publishes an event, and what is asked while the broker is away.
 *
 * The Kafka client in a sidecar has a circuit breaker for each partition. After three failures, none 10 s behind the one before, it
 * refuses what comes for 10 s, also when the broker is back, and takes 100 ms for each refusal, so that a batch waits for seconds;
 * one more failure after that opens it again. Nothing of this can be set (`breaker` and `backoff` in
 * https://github.com/IBM/sarama/blob/main/async_producer.go). Each component has a client of its own, so there are two, and
 * this remembers when each breaker failed.
 */
import { topics, type Topic } from '../contract/events.ts'
import { BrokerAway, SidecarAway, type Outgoing } from './sidecar.ts'

type Outcome = Error | undefined
export type Producer = 'first' | 'spare'
/** How an event may go. `failedAt` is 0 when nothing failed there since the last success. */
type Way = { event: Outgoing; producer: Producer; breaker: string; failedAt: number }

/** What nothing else decides goes by the last, and asks by the first. */
const producers: Producer[] = ['spare', 'first']
/** With a second for what the client goes on trying after it answered. */
const breakerMs = 11_000

/**
 * Publishes by `publishBy`, and avoids breakers that may be open. After a failure one event asks whether the broker is back, by the
 * breaker that has had the longest rest, and nothing else is sent before it was stored.
 */
export function createProducers(
  publishBy: (producer: Producer, events: Outgoing[]) => Promise<Outcome[]>,
  now: () => number = Date.now,
) {
  const failedAt = new Map<string, number>()
  let isAway = false

  /** The one that has had the longest rest first. */
  function waysOf(event: Outgoing): Way[] {
    const partition = `${event.topic} ${partitionOf(event.topic, event.key)}`
    return producers
      .map((producer) => {
        const breaker = `${producer} ${partition}`
        return { event, producer, breaker, failedAt: failedAt.get(breaker) ?? 0 }
      })
      .toSorted(byRest)
  }
  const mayBeOpen = (way: Way) => now() - way.failedAt < breakerMs

  async function send(ways: Way[]): Promise<Map<Outgoing, Outcome>> {
    const outcomes = new Map<Outgoing, Outcome>()
    await Promise.all(
      [...Map.groupBy(ways, ({ producer }) => producer)].map(async ([producer, group]) => {
        const given = group.map(({ event }) => event)
        const errors = await publishBy(producer, given)
        for (const [index, event] of given.entries()) outcomes.set(event, errors[index])
      }),
    )
    for (const { event, breaker } of ways)
      if (outcomes.get(event) && !(outcomes.get(event) instanceof SidecarAway)) failedAt.set(breaker, now())
    for (const { event, breaker } of ways) if (!outcomes.get(event)) failedAt.delete(breaker)
    isAway = [...outcomes.values()].some((error) => error instanceof BrokerAway)
    return outcomes
  }

  /**
   * Of two breakers that had their rest the one that failed, so that it knows of the success. Where both may be open one event
   * tries, and the others of the partition wait.
   */
  async function sendAll(events: Outgoing[]): Promise<Map<Outgoing, Outcome>> {
    const tried = new Set<string>()
    const ways = events.flatMap((event) => {
      const ways = waysOf(event)
      const rested = ways.findLast((way) => !mayBeOpen(way))
      if (!rested && tried.has(ways[0]!.breaker)) return []
      tried.add(ways[0]!.breaker)
      return [rested ?? ways[0]!]
    })
    return send(ways)
  }

  return async function publish(events: Outgoing[]): Promise<Outcome[]> {
    if (events.length === 0) return []
    const asked = await send(isAway ? events.flatMap(waysOf).toSorted(byRest).slice(0, 1) : [])
    const others = isAway ? [] : await sendAll(events.filter((event) => !asked.has(event)))
    const outcomes = new Map([...asked, ...others])
    const [away] = asked.values()
    const unsent = away ?? new BrokerAway('A circuit breaker may be open.')
    return events.map((event) => (outcomes.has(event) ? outcomes.get(event) : unsent))
  }
}

const byRest = (one: Way, other: Way) => one.failedAt - other.failedAt

/**
 * Where the client puts a key (ASCII): FNV-1a, its remainder without the sign. That a topic has another number of partitions than
 * we gave it does no harm.
 */
export function partitionOf(topic: Topic, key: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < key.length; place++) hash = Math.imul(hash ^ key.charCodeAt(place), 0x01000193)
  return Math.abs((hash | 0) % topics[topic])
}
