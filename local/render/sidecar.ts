/** Annotations and labels of an injected daprd. */
import { createHash } from 'node:crypto'
import { closed, outbound } from './configurations.ts'

/** What every daprd of ours has in common. Ports 9090 and 9091 are queue-proxy's. */
const common = {
  'dapr.io/enabled': 'true',
  'dapr.io/metrics-port': '9095',
  'dapr.io/log-as-json': 'true',
  // No actors and no jobs: without these two daprd would wait for control planes that it never needs.
  'dapr.io/placement-host-address': '',
  'dapr.io/scheduler-host-address': '',
  // The pods carry no service-account token, without which that store would end daprd.
  'dapr.io/disable-builtin-k8s-secret-store': 'true',
  'dapr.io/sidecar-seccomp-profile-type': 'RuntimeDefault',
  'dapr.io/sidecar-cpu-request': '10m',
  'dapr.io/sidecar-memory-request': '80Mi',
  'dapr.io/sidecar-memory-limit': '256Mi',
}

/** The injector only looks at pods (and namespaces) with this label. */
export const injectionLabel = { 'dapr-injection': 'enabled' }

/**
 * A sidecar reads its resources once, at its start. `read` is what of the generated ones it reads: when it changes, so does
 * an annotation, and the pods are replaced one after another. What an overlay changes is not known here: docs/cluster.md.
 */
const resources = (read: object[]) => ({
  'todo/resources': createHash('sha256').update(JSON.stringify(read)).digest('hex').slice(0, 12),
})

/** By which `knative/components/without-idle-sidecars` finds the functions that ask nothing of theirs. */
export const sidecarLabel = (used: boolean) => ({ 'todo/sidecar': used ? 'used' : 'idle' })

/**
 * A function's own sidecar: outbound only, so it has no app port. Native, so that it starts before the function and ends
 * after it. `read` is there when the function publishes or sends mail.
 */
export const ownSidecar = (appId: string, read?: object[]) => ({
  ...common,
  'dapr.io/app-id': appId,
  'dapr.io/config': read ? 'outbound' : 'closed',
  'dapr.io/enable-native-sidecar': 'true',
  ...(read && resources([outbound, ...read])),
})

/**
 * A trigger's sidecar calls the function at `address`. It is an ordinary one: a native sidecar that consumes goes on for a
 * while after its pod was told to end, and puts healthy events to the dead letters.
 */
export const triggerSidecar = (appId: string, address: string, appTokenSecret: string, read: object[]) => ({
  ...common,
  'dapr.io/app-id': appId,
  'dapr.io/config': 'closed',
  'dapr.io/enable-native-sidecar': 'false',
  'dapr.io/app-channel-address': address,
  'dapr.io/app-port': '80',
  'dapr.io/app-token-secret': appTokenSecret,
  // Questions that the function does not answer, and that would wake it at every start of the trigger.
  'dapr.io/disable-init-endpoints': 'config,subscribe',
  // Longer than a delivery may take: what is being handled is handled to its end.
  'dapr.io/graceful-shutdown-seconds': '20',
  ...resources([closed, ...read]),
})
