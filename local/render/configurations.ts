/** What the two kinds of sidecar may do. */
import { namespace, type File } from './table.ts'
import { folderOf } from './yaml.ts'

/** Only the named APIs, in both protocols. Health is always served. */
const allow = (...names: string[]) =>
  names.flatMap((name) => [
    { name, version: 'v1.0', protocol: 'http' },
    { name, version: 'v1', protocol: 'grpc' },
  ])

const configuration = (name: string, allowed: object[]) => ({
  apiVersion: 'dapr.io/v1alpha1',
  kind: 'Configuration',
  metadata: { name, namespace },
  spec: {
    // A subscription that was changed in place has been seen to stop without a sign; changes are rollouts.
    features: [{ name: 'HotReload', enabled: false }],
    // The trace context of our events is made by the functions; daprd only carries it on.
    tracing: { samplingRate: '0' },
    metrics: { enabled: true, http: { increasedCardinality: false } },
    // Functions never invoke each other through Dapr.
    accessControl: { defaultAction: 'deny', trustDomain: 'public' },
    api: { allowed },
  },
})

export const outbound = configuration('outbound', allow('publish', 'bindings'))
export const closed = configuration('closed', allow('metadata'))

export const configurations = (): File[] =>
  folderOf('dapr/configuration', [
    {
      resource: outbound,
      note: 'Sidecars with which functions publish and send mail.',
    },
    {
      resource: closed,
      note: 'Sidecars of which nobody asks anything: those of triggers, and of functions that neither publish nor send mail.',
    },
  ])
