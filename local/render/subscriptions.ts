/** What each event function consumes, one Dapr Subscription a topic. */
import type { EventSpec } from '../../functions/spec.ts'
import type { Topic } from '../../shared/contract/events.ts'
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
    eventRows(table).flatMap(([name, row]) =>
      row.topics.map((topic) => ({ resource: subscription(name, row, topic) })),
    ),
  )

export const subscriptionName = (name: string, { topics }: EventSpec, topic: Topic): string =>
  topics.length === 1 ? name : `${name}-${topic}`

export const subscription = (name: string, row: EventSpec, topic: Topic) => ({
  apiVersion: 'dapr.io/v2alpha1',
  kind: 'Subscription',
  metadata: { name: subscriptionName(name, row, topic), namespace },
  spec: {
    pubsubname: 'pubsub',
    topic,
    routes: { default: `/events/${name}` },
    deadLetterTopic: deadLettersOf(topic),
    ...(row.bulk && {
      bulkSubscribe: { enabled: true, maxMessagesCount: row.bulk, maxAwaitDurationMs: 20 },
    }),
  },
  scopes: [triggerOf(name)],
})

/** A dead letter that cannot be kept is parked where nobody consumes: it neither loops, nor is lost, nor holds up others. */
export const deadLettersOf = (topic: Topic): Topic =>
  topic === deadLetterTopic ? parkedTopic : deadLetterTopic
