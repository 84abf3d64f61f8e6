/** The Knative Service and the ServiceAccount of every function. */
import type { FunctionSpec } from '../../functions/spec.ts'
import { readBy } from './components.ts'
import { scaleOf } from './scale.ts'
import { restricted } from './security.ts'
import { functionEnvironment } from './settings.ts'
import { injectionLabel, ownSidecar, sidecarLabel } from './sidecar.ts'
import { imageOf, labels, namespace, type File, type Table } from './table.ts'
import { folderOf } from './yaml.ts'

/**
 * Most seconds for a reply, and for a pod to end: queue-proxy goes on for 30 s after the last request, then the function
 * has its `DRAIN_TIMEOUT_MS`. The routes give up after the same time.
 */
export const timeoutSeconds = 60

export const services = (table: Table): File[] =>
  folderOf(
    'knative/services',
    table.map(([name, row]) => ({ resource: service(name, row) })),
  )

export const accounts = (table: Table): File[] =>
  folderOf(
    'knative/accounts',
    table.map(([name, row]) => ({
      resource: {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace, labels: labels(name, row.trigger) },
        automountServiceAccountToken: false,
      },
    })),
  )

function service(name: string, row: FunctionSpec) {
  const { min, max, concurrency } = scaleOf(row)
  const used = row.sidecar ?? false
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace,
      labels: {
        ...labels(name, row.trigger),
        ...sidecarLabel(used),
        'networking.knative.dev/visibility': 'cluster-local',
      },
    },
    spec: {
      template: {
        metadata: {
          labels: { ...labels(name, row.trigger), ...injectionLabel },
          annotations: {
            'autoscaling.knative.dev/min-scale': String(min),
            'autoscaling.knative.dev/max-scale': String(max),
            ...ownSidecar(name, readBy[name]),
          },
        },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containerConcurrency: concurrency,
          timeoutSeconds,
          containers: [container(name, row)],
        },
      },
    },
  }
}

const container = (name: string, row: FunctionSpec) => ({
  name: 'function',
  image: imageOf(name),
  ports: [{ containerPort: 8080 }],
  env: functionEnvironment(name, row),
  // No period: queue-proxy then asks every few milliseconds until the first success, which shortens a cold start.
  readinessProbe: { httpGet: { path: '/readyz' } },
  // Patient: on a machine that has too much to do, starting again what is slow makes everything slower.
  livenessProbe: {
    httpGet: { path: '/healthz' },
    periodSeconds: 20,
    timeoutSeconds: 10,
    failureThreshold: 6,
  },
  resources: { requests: { cpu: '25m', memory: '96Mi' }, limits: { memory: '256Mi' } },
  securityContext: restricted,
})
