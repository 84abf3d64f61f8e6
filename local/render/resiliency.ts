/** How long Dapr waits and how often it tries, from `delivery` in the contract. */
import { spareOf } from '../../shared/dapr/daprd.ts'
import type { EventSpec } from '../../functions/spec.ts'
import { deadLetterDelivery, delivery } from '../../shared/contract/events.ts'
import { cronOf, publisher } from './components.ts'
import { timeoutSeconds } from './services.ts'
import {
  deadLetterTopic,
  eventRows,
  namespace,
  scheduleRows,
  triggerOf,
  type File,
  type Table,
} from './table.ts'
import { folderOf } from './yaml.ts'

/** A frozen broker keeps a publication waiting for ever; the relay gives up after the same time. */
const publish = { timeouts: { publish: '5s' }, outbound: { timeout: 'publish' } }

/** How the deliveries of a function are repeated. */
export const policyOf = ({ topics }: EventSpec) =>
  topics.includes(deadLetterTopic) ? deadLetterDelivery : delivery

export function resiliency(table: Table): File[] {
  const consumers = eventRows(table)
  const keepers = consumers.filter(([, row]) => policyOf(row) === deadLetterDelivery)
  const others = consumers.filter((row) => !keepers.includes(row))
  const ticks = scheduleRows(table)
  return folderOf('dapr/resiliency', [
    {
      resource: deliveries(
        'deliveries',
        delivery,
        others.map(([name]) => triggerOf(name)),
      ),
    },
    {
      resource: deliveries(
        'dead-letters',
        deadLetterDelivery,
        keepers.map(([name]) => triggerOf(name)),
      ),
      note: 'The keeper of dead letters waits an hour for its database, not five minutes.',
    },
    {
      resource: policies(
        'publishing',
        { timeouts: publish.timeouts },
        { pubsub: { outbound: publish.outbound }, [spareOf('pubsub')]: { outbound: publish.outbound } },
        [publisher],
      ),
    },
    {
      resource: policies(
        'ticks',
        { timeouts: { tick: `${timeoutSeconds}s` } },
        Object.fromEntries(ticks.map(([name]) => [cronOf(name), { inbound: { timeout: 'tick' } }])),
        ticks.map(([name]) => triggerOf(name)),
      ),
      note: 'A tick is not repeated: the next one comes.',
    },
  ])
}

/** Dapr's exponential policy starts at 500 ms and grows by 1.5; neither can be set. */
const deliveries = (
  name: string,
  { timeoutMs, retries, longestPauseMs }: Record<'timeoutMs' | 'retries' | 'longestPauseMs', number>,
  scopes: string[],
) =>
  policies(
    name,
    {
      timeouts: { delivery: `${timeoutMs / 1000}s`, ...publish.timeouts },
      retries: {
        delivery: { policy: 'exponential', maxInterval: `${longestPauseMs / 1000}s`, maxRetries: retries },
      },
    },
    { pubsub: { inbound: { timeout: 'delivery', retry: 'delivery' }, outbound: publish.outbound } },
    scopes,
  )

const policies = (name: string, rules: object, components: object, scopes: string[]) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Resiliency',
  metadata: { name, namespace },
  spec: { policies: rules, targets: { components } },
  scopes,
})
