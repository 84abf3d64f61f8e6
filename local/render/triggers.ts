/** The trigger of every function that Dapr calls (docs/decisions/004-triggers.md). */
import { broker, clock } from './components.ts'
import { policyOf } from './resiliency.ts'
import { restricted } from './security.ts'
import { appTokenSecret } from './settings.ts'
import { injectionLabel, triggerSidecar } from './sidecar.ts'
import { subscriptionsOf } from './subscriptions.ts'
import {
  clusterLocal,
  eventRows,
  labels,
  namespace,
  scheduleRows,
  triggerOf,
  type File,
  type Table,
} from './table.ts'
import { folderOf } from './yaml.ts'

/** A node that is gone takes its triggers with it: elsewhere they start after this, not after the default of 5 min. */
const lostNodeSeconds = 20

export const triggers = (table: Table): File[] =>
  folderOf('knative/triggers', [
    // Two share the partitions, so that one is enough when the other is away.
    ...eventRows(table).map(([name, row]) => {
      const read = [broker, policyOf(row), subscriptionsOf(name, row)]
      return { file: name, resource: trigger(name, 2, read) }
    }),
    // Each one that runs ticks by itself.
    ...scheduleRows(table).map(([name, { cron }]) => ({
      file: name,
      resource: trigger(name, 1, [clock(name, cron)]),
    })),
  ])

function trigger(functionName: string, replicas: number, read: object[]) {
  const name = triggerOf(functionName)
  const selector = { 'app.kubernetes.io/name': name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: labels(name, 'trigger') },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...labels(name, 'trigger'), ...injectionLabel },
          annotations: triggerSidecar(name, clusterLocal(functionName), appTokenSecret, read),
        },
        spec: {
          serviceAccountName: functionName,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 60,
          ...(replicas > 1 && { topologySpreadConstraints: [spread(selector)] }),
          tolerations: ['not-ready', 'unreachable'].map((state) => ({
            key: `node.kubernetes.io/${state}`,
            operator: 'Exists',
            effect: 'NoExecute',
            tolerationSeconds: lostNodeSeconds,
          })),
          containers: [pause],
        },
      },
    },
  }
}

const spread = (selector: Record<string, string>) => ({
  maxSkew: 1,
  topologyKey: 'kubernetes.io/hostname',
  whenUnsatisfiable: 'ScheduleAnyway',
  labelSelector: { matchLabels: selector },
})

const pause = {
  name: 'pause',
  image: 'registry.k8s.io/pause:3.10',
  // The port is daprd's: a pod into which no sidecar was injected never becomes ready, instead of consuming nothing unseen.
  readinessProbe: { httpGet: { path: '/v1.0/healthz', port: 3501 }, periodSeconds: 2, failureThreshold: 5 },
  resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '16Mi' } },
  securityContext: restricted,
}
