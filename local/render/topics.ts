/** The topics of the contract, as resources of the Redpanda operator. */
import { topics, type Topic } from '../../shared/contract/events.ts'
import { parkedTopic, type File } from './table.ts'
import { folderOf } from './yaml.ts'

/** Where the broker is: name and namespace of its cluster (`cluster/addons/redpanda/cluster.yaml`). */
const cluster = { name: 'redpanda', namespace: 'redpanda' }

const replicationFactor = 3

/** Shorter than inbox rows are kept: a consumer that starts anew from the oldest event still knows what it has handled. */
const keptMs = 7 * 86_400_000

export const topicResources = (): File[] =>
  folderOf(
    'cluster/topics',
    Object.entries(topics).map(([name, partitions]) => ({
      resource: {
        apiVersion: 'cluster.redpanda.com/v1alpha2',
        kind: 'Topic',
        metadata: { name, namespace: cluster.namespace },
        spec: {
          cluster: { clusterRef: { name: cluster.name } },
          partitions,
          replicationFactor,
          additionalConfig: {
            'cleanup.policy': 'delete',
            // What is parked waits for a person, however long.
            'retention.ms': String((name as Topic) === parkedTopic ? -1 : keptMs),
          },
        },
      },
    })),
    'shared/contract/events.ts',
  )
