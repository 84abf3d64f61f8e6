/** `dapr.yaml`: the functions that Dapr calls and all sidecars, as `dapr run -f` and our own launcher start them. */
import { join } from 'node:path'
import { rows } from '../../functions/manifest.ts'
import { triggerOf } from '../render/table.ts'
import { portOfFunction, portsOf } from './ports.ts'

/** Dapr's multi-app run template (https://docs.dapr.io/developing-applications/local-development/multi-app-dapr-run/multi-app-template/), as far as we use it. */
export type MultiApp = {
  version: 1
  common: {
    resourcesPaths: string[]
    /** None, as daprd has it itself: the CLI looks for it on this machine. We have no actors. */
    placementHostAddress: ''
  }
  apps: App[]
}

export type App = {
  appID: string
  appDirPath: string
  /** What the sidecar calls; a sidecar that only publishes or sends has none. */
  appPort?: number
  daprHTTPPort: number
  daprGRPCPort: number
  daprInternalGRPCPort: number
  metricsPort: number
  configFilePath: string
  env?: Record<string, string>
  command?: string[]
}

const root = join(import.meta.dirname, '../..')

/**
 * A trigger is an app whose program is the function that it calls. A function that talks to a sidecar is an app of its own,
 * and its trigger has no program. `directory` holds the resources, in the folders of `dapr/`.
 */
export function multiApp(directory: string): MultiApp {
  const called = rows.filter(([, row]) => row.trigger !== 'http')
  const apps = called.flatMap(([name, row], place) => {
    const port = portOfFunction(place)
    const program = {
      env: { PORT: String(port), HOST: '127.0.0.1' },
      // The Node that runs us, whatever `node` is on the path.
      command: [process.execPath, 'local/stack/serve.ts', name],
    }
    const trigger = {
      appID: triggerOf(name),
      appPort: port,
      configFilePath: configuration(directory, 'closed'),
    }
    if (!row.sidecar) return [{ ...trigger, ...program }]
    return [{ appID: name, configFilePath: configuration(directory, 'outbound'), ...program }, trigger]
  })
  return {
    version: 1,
    common: {
      resourcesPaths: ['components', 'subscriptions', 'resiliency'].map((folder) => join(directory, folder)),
      placementHostAddress: '',
    },
    apps: apps.map(({ appID, ...app }, place) => {
      const { http, grpc, internal, metrics } = portsOf(place)
      const ports = {
        daprHTTPPort: http,
        daprGRPCPort: grpc,
        daprInternalGRPCPort: internal,
        metricsPort: metrics,
      }
      return { appID, appDirPath: root, ...ports, ...app }
    }),
  }
}

const configuration = (directory: string, name: string) => join(directory, 'configuration', `${name}.yaml`)
