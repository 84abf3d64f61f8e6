/** What each event function consumes, one Dapr Subscription a topic. */
import { consumed, type EventSpec } from '../../functions/spec.ts'
import { redeliveryOf, type Topic } from '../../shared/contract/events.ts'
import {
  deadLetterTopic,
  eventRows,
  namespace,
  parkedTopic,
  triggerOf,
  type File,
  type Table,
} from './table.ts'
import { folderOf } from './yaml.ts'

export const subscriptions = (table: Table): File[] =>
  folderOf(
    'dapr/subscriptions',
    eventRows(table).flatMap(([name, row]) => subscriptionsOf(name, row).map((resource) => ({ resource }))),
  )

export const subscriptionsOf = (name: string, row: EventSpec) =>
  consumed(name, row).map(({ topic, bulk }) => subscription(name, nameOf(name, row, topic), topic, bulk))

const nameOf = (name: string, { topics }: EventSpec, topic: Topic): string => {
  if (topic === redeliveryOf(name)) return topic
  return topics.length === 1 ? name : `${name}-${topic}`
}

/** Records are handed over as the bytes that they are: whatever they are, the function sees them. */
const raw = { metadata: { rawPayload: 'true' } }

/** So many records in one delivery, when they come within 20 ms; raw, or one of them might end the sidecar (`docs/decisions/013`). */
export const inBulk = (most: number) => ({
  bulkSubscribe: { enabled: true, maxMessagesCount: most, maxAwaitDurationMs: 20 },
  ...raw,
})

const subscription = (name: string, ownName: string, topic: Topic, bulk: number) => ({
  apiVersion: 'dapr.io/v2alpha1',
  kind: 'Subscription',
  metadata: { name: ownName, namespace },
  spec: {
    pubsubname: 'pubsub',
    topic,
    routes: { default: `/events/${name}` },
    deadLetterTopic: deadLettersOf(topic),
    ...(bulk > 1 && inBulk(bulk)),
    ...(topic === deadLetterTopic && raw),
  },
  scopes: [triggerOf(name)],
})

/** A dead letter that cannot be kept is parked where nobody consumes: it neither loops, nor is lost, nor holds up others. */
export const deadLettersOf = (topic: Topic): Topic =>
  topic === deadLetterTopic ? parkedTopic : deadLetterTopic
