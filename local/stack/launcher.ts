/** Starts what a `dapr.yaml` names: each app's program and its sidecar. */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { App, MultiApp } from './multi-app.ts'
import type { Program } from './processes.ts'

/** As the annotation of a trigger in a cluster says; a sidecar that is not asked to handle anything ends at once. */
const gracefulSeconds = 20

export type Launch = { app: App; sidecar: Program; program?: Program }

/** The programs of a file. `tokens` and `settings` go to where Dapr and its annotations would bring them. */
export async function launches(
  file: string,
  { daprd, appToken, settings }: { daprd: string; appToken: string; settings: Record<string, string> },
): Promise<Launch[]> {
  const { common, apps } = parse(await readFile(file, 'utf8')) as MultiApp
  return apps.map((app) => ({
    app,
    sidecar: {
      name: `${app.appID}-daprd`,
      command: daprd,
      args: flags(app, common),
      env: { PATH: settings['PATH'] ?? '', NAMESPACE: 'todo', APP_API_TOKEN: appToken },
      graceMs: (gracefulSeconds + 5) * 1000,
    },
    ...(app.command && { program: programOf(app, app.command, { ...settings, APP_API_TOKEN: appToken }) }),
  }))
}

const flags = (app: App, { resourcesPaths }: MultiApp['common']): string[] =>
  Object.entries({
    'app-id': app.appID,
    'app-port': app.appPort,
    'dapr-http-port': app.daprHTTPPort,
    'dapr-grpc-port': app.daprGRPCPort,
    'dapr-internal-grpc-port': app.daprInternalGRPCPort,
    'metrics-port': app.metricsPort,
    'metrics-listen-address': '127.0.0.1',
    'dapr-listen-addresses': '127.0.0.1',
    'dapr-internal-grpc-listen-address': '127.0.0.1',
    config: app.configFilePath,
    'resources-path': resourcesPaths.join(','),
    'disable-init-endpoints': 'config,subscribe',
    'dapr-graceful-shutdown-seconds': gracefulSeconds,
    'log-as-json': 'true',
  }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]))

const programOf = (app: App, [command, ...args]: string[], settings: Record<string, string>): Program => ({
  name: app.command!.at(-1)!,
  command: command!,
  args,
  cwd: app.appDirPath,
  env: { ...settings, ...app.env, DAPR_HTTP_PORT: String(app.daprHTTPPort) },
  graceMs: 25_000,
})
