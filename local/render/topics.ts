/** The topics of the contract: as resources of the Redpanda operator, and as a Job for a broker that has none. */
import { createHash } from 'node:crypto'
import { topics, type Topic } from '../../shared/contract/events.ts'
import { restricted } from './security.ts'
import { namespace, parkedTopic, partOf, type File } from './table.ts'
import { folderOf } from './yaml.ts'

/** Where the broker is: name and namespace of its cluster (`cluster/addons/redpanda/cluster.yaml`). */
const cluster = { name: 'redpanda', namespace: 'redpanda' }

const replicationFactor = 3

/** The broker's image brings its command-line client. `knative/components/own-broker/server.yaml` runs the same. */
const redpanda = 'docker.redpanda.com/redpandadata/redpanda:v26.1.15'

/** Shorter than inbox rows are kept: a consumer that starts anew from the oldest event still knows what it has handled. */
const keptMs = 7 * 86_400_000

/** What is parked waits for a person, however long. */
const settingsOf = (topic: string) => ({
  'cleanup.policy': 'delete',
  'retention.ms': String((topic as Topic) === parkedTopic ? -1 : keptMs),
})

const source = 'shared/contract/events.ts'

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
          additionalConfig: settingsOf(name),
        },
      },
    })),
    source,
  )

/** Makes what is missing on the one broker of `knative/components/own-broker`. A Job cannot be changed: other topics, another Job. */
export function topicJob(): File[] {
  const name = 'topics'
  const script = Object.entries(topics)
    .map(([topic, partitions]) => {
      const settings = Object.entries(settingsOf(topic)).map(([key, value]) => `-c ${key}=${value}`)
      return `rpk topic create ${topic} -X brokers=redpanda:9092 --if-not-exists -p ${partitions} ${settings.join(' ')}\n`
    })
    .join('')
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 8)
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'job', ...partOf }
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-${digest}`, namespace, labels },
    spec: {
      backoffLimit: 10,
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: 'OnFailure',
          containers: [
            {
              name,
              image: redpanda,
              command: ['sh', '-ec', script],
              resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
              securityContext: { ...restricted, runAsUser: 101 },
            },
          ],
        },
      },
    },
  }
  return folderOf('knative/topics', [{ resource: job, file: name }], source)
}
