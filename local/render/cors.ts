/** The CORS policy of the gateway, for all of its routes. */
import { crossOrigin } from '../cors.ts'
import { namespace } from './table.ts'

/** The gateway component puts the first of `AUTH_TRUSTED_ORIGINS` here. */
const origin = 'https://app.example.org'

export const cors = {
  apiVersion: 'gateway.envoyproxy.io/v1alpha1',
  kind: 'SecurityPolicy',
  metadata: { name: 'cors', namespace },
  spec: {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'todo', sectionName: 'https' }],
    cors: {
      allowOrigins: [origin],
      allowCredentials: true,
      allowMethods: crossOrigin.methods,
      allowHeaders: crossOrigin.requestHeaders,
      exposeHeaders: crossOrigin.replyHeaders,
      maxAge: `${crossOrigin.maxAgeSeconds}s`,
    },
  },
}
