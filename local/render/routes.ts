/**
 * The public routes, one HTTPRoute a function: method and path choose it, the host name tells Knative which one is meant. What
 * all of them have in common is in `knative/components/gateway/`.
 */
import type { HttpSpec } from '../../functions/spec.ts'
import { cors } from './cors.ts'
import { timeoutSeconds } from './services.ts'
import { clusterLocal, httpRows, labels, namespace, type File, type Table } from './table.ts'
import { folderOf } from './yaml.ts'

/** Knative's ingress for cluster-local names. Events and ticks have no route, so nobody outside reaches them. */
const ingress = { name: 'kourier-internal', namespace: 'kourier-system', port: 80 }

export const routes = (table: Table): File[] =>
  folderOf('knative/routes', [
    ...httpRows(table).map(([name, row]) => ({ resource: route(name, row) })),
    { resource: cors },
  ])

const route = (name: string, row: HttpSpec) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name, namespace, labels: labels(name, row.trigger) },
  spec: {
    parentRefs: [{ name: 'todo', sectionName: 'https' }],
    rules: [
      {
        matches: row.methods.map((method) => ({ method, path: pathMatch(row.path) })),
        filters: [{ type: 'URLRewrite', urlRewrite: { hostname: clusterLocal(name) } }],
        timeouts: { request: `${timeoutSeconds}s` },
        backendRefs: [ingress],
      },
    ],
  },
})

/** A path of the manifest as Gateway API matches it: `:id` is one segment, `/*` at the end is everything below. */
export function pathMatch(path: string): { type: string; value: string } {
  if (path.endsWith('/*')) return { type: 'PathPrefix', value: path.slice(0, -2) }
  if (!path.includes('/:')) return { type: 'Exact', value: path }
  return { type: 'RegularExpression', value: path.replaceAll(/:\w+/g, '[^/]+') }
}
