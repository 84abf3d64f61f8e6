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
/** How the events of a partition may go. `failedAt` is 0 when nothing failed there since the last success. */
type Way = { producer: Producer; breaker: string; failedAt: number; events: Outgoing[] }

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

  /** Those of each partition, the one that has had the longest rest first. */
  const waysOf = (events: Outgoing[]): Way[][] =>
    [...Map.groupBy(events, ({ topic, key }) => `${topic} ${partitionOf(topic, key)}`)].map(
      ([partition, events]) =>
        producers
          .map((producer) => {
            const breaker = `${producer} ${partition}`
            return { producer, breaker, failedAt: failedAt.get(breaker) ?? 0, events }
          })
          .toSorted(byRest),
    )
  const mayBeOpen = (way: Way) => now() - way.failedAt < breakerMs

  async function send(ways: Way[]): Promise<Map<Outgoing, Outcome>> {
    const outcomes = new Map<Outgoing, Outcome>()
    await Promise.all(
      [...Map.groupBy(ways, ({ producer }) => producer)].map(async ([producer, group]) => {
        const given = group.flatMap(({ events }) => events)
        const errors = await publishBy(producer, given)
        for (const [index, event] of given.entries()) outcomes.set(event, errors[index])
      }),
    )
    for (const { breaker, events } of ways) {
      const errors = events.map((event) => outcomes.get(event))
      if (errors.includes(undefined)) failedAt.delete(breaker)
      else if (!errors.every((error) => error instanceof SidecarAway)) failedAt.set(breaker, now())
    }
    isAway = [...outcomes.values()].some((error) => error instanceof BrokerAway)
    return outcomes
  }

  /** One event, whichever. */
  function ask(events: Outgoing[]): Promise<Map<Outgoing, Outcome>> {
    const [rested] = waysOf(events).flat().toSorted(byRest)
    return send([firstOf(rested!)])
  }

  /**
   * Of two breakers that had their rest the one that failed, so that it knows of the success. Where both may be open one event
   * tries, and the others of the partition wait.
   */
  const sendAll = (events: Outgoing[]): Promise<Map<Outgoing, Outcome>> =>
    send(waysOf(events).map((ways) => ways.findLast((way) => !mayBeOpen(way)) ?? firstOf(ways[0]!)))

  return async function publish(events: Outgoing[]): Promise<Outcome[]> {
    if (events.length === 0) return []
    const asked = isAway ? await ask(events) : new Map<Outgoing, Outcome>()
    const others = isAway ? [] : await sendAll(events.filter((event) => !asked.has(event)))
    const outcomes = new Map([...asked, ...others])
    const [away] = asked.values()
    return events.map((event) =>
      outcomes.has(event) ? outcomes.get(event) : (away ?? new BrokerAway('A circuit breaker may be open.')),
    )
  }
}

const byRest = (one: Way, other: Way) => one.failedAt - other.failedAt

const firstOf = (way: Way): Way => ({ ...way, events: way.events.slice(0, 1) })

/**
 * Where the client puts a key (ASCII): FNV-1a, its remainder without the sign. That a topic has another number of partitions than
 * we gave it does no harm.
 */
export function partitionOf(topic: Topic, key: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < key.length; place++) hash = Math.imul(hash ^ key.charCodeAt(place), 0x01000193)
  return Math.abs((hash | 0) % topics[topic])
}
