/** Dapr components: the broker, the clock of each schedule function, the mail server. */
import { consumed } from '../../functions/spec.ts'
import { topics, type Topic } from '../../shared/contract/events.ts'
import { spareOf } from '../../shared/dapr/daprd.ts'
import { deadLettersOf } from './subscriptions.ts'
import { eventRows, namespace, scheduleRows, triggerOf, type File, type Table } from './table.ts'
import { folderOf } from './yaml.ts'

/** What the functions with a sidecar of their own use it for. */
export const publisher = 'outbox-relay'
export const mailer = 'notification-email'

export const cronOf = (name: string): string => `${name}-cron`

export const components = (table: Table): File[] =>
  folderOf('dapr/components', [
    {
      resource: pubsub(table),
      note: 'An overlay replaces `brokers` and `authType` by what its broker needs.',
    },
    {
      resource: spare,
      note: 'A second producer, for when the first one refuses (`shared/dapr/producers.ts`).',
    },
    { resource: smtp, note: 'The mail server is in the Secret `smtp`.' },
    ...scheduleRows(table).map(([name, { cron }]) => ({ resource: clock(name, cron) })),
  ])

const component = (name: string, type: string, entries: object[], scopes: string[]) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace },
  spec: { type, version: 'v1', metadata: entries },
  scopes,
})

const metadata = (values: Record<string, string>) =>
  Object.entries(values).map(([name, value]) => ({ name, value }))

/** `direction` spares the function an OPTIONS request; the binding never fires when that one is answered with 404. */
export const clock = (name: string, cron: string) =>
  component(
    cronOf(name),
    'bindings.cron',
    metadata({ schedule: cron, route: `/schedules/${name}`, direction: 'input' }),
    [triggerOf(name)],
  )

/** How the broker is reached and consumed from. */
export const broker = {
  brokers: 'redpanda.redpanda.svc.cluster.local:9093',
  authType: 'none',
  version: '2.8.0',
  consumerGroup: '{appID}',
  // The default, `newest`, skips what was published before a group's first commit.
  initialOffset: 'oldest',
  consumerGroupRebalanceStrategy: 'sticky',
  sessionTimeout: '6s',
  heartbeatInterval: '1s',
}

/** Dapr's notation for who may use which topics: `app=topic,topic;app=`, where no topic means none. */
const scopes = (entries: [appId: string, allowed: readonly Topic[]][]) =>
  entries.map(([appId, allowed]) => `${appId}=${allowed.join(',')}`).join(';')

const names = Object.keys(topics) as Topic[]

type User = { appId: string; publishes: readonly Topic[]; consumes: readonly Topic[] }

/** Redpanda by its Kafka API. All topics are protected: who is not named may do nothing. */
const kafka = (name: string, users: User[]) => {
  const all = names.join(',')
  return component(
    name,
    'pubsub.kafka',
    metadata({
      ...broker,
      allowedTopics: all,
      protectedTopics: all,
      publishingScopes: scopes(users.map(({ appId, publishes }) => [appId, publishes])),
      subscriptionScopes: scopes(users.map(({ appId, consumes }) => [appId, consumes])),
    }),
    users.map(({ appId }) => appId),
  )
}

const deadLetters = new Set(names.map(deadLettersOf))
const relay: User = {
  appId: publisher,
  publishes: names.filter((topic) => !deadLetters.has(topic)),
  consumes: [],
}

/**
 * The relay alone publishes; a trigger publishes nothing but dead letters, which daprd checks like every other publication, and
 * consumes its own topics.
 */
const pubsub = (table: Table) =>
  kafka('pubsub', [
    relay,
    ...eventRows(table).map(([name, row]) => ({
      appId: triggerOf(name),
      publishes: [...new Set(row.topics.map(deadLettersOf))],
      consumes: consumed(name, row).map(({ topic }) => topic),
    })),
  ])

/** The same broker once more, for the relay: why is told in `shared/dapr/producers.ts`. */
const spare = kafka(spareOf('pubsub'), [relay])

const smtp = {
  ...component(
    'smtp',
    'bindings.smtp',
    ['host', 'port', 'user', 'password'].map((key) => ({ name: key, secretKeyRef: { name: 'smtp', key } })),
    [mailer],
  ),
  auth: { secretStore: 'kubernetes' },
}

/** What of all this the sidecar reads that a function publishes or sends mail with. */
export const readBy: Readonly<Record<string, object[]>> = {
  [publisher]: [broker, names],
  [mailer]: [smtp],
}
