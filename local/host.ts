/** All functions in one process: the same handlers that run as Knative Services, behind one port. */
import { readFile } from 'node:fs/promises'
import { Hono, type MiddlewareHandler } from 'hono'
import { folder, rows, type FunctionName } from '../functions/manifest.ts'
import { createApp } from '../shared/http/app.ts'
import type { Env } from '../shared/http/env.ts'
import { health } from '../shared/http/health.ts'
import { config } from '../shared/runtime/config.ts'
import { allowOrigins } from './cors.ts'

export type Function = {
  name: FunctionName
  /** Sends a request to the function as the gateway, or the sidecar, would. */
  fetch(request: Request, address?: string): Promise<Response>
}

/** Every function of the manifest, by name. */
export async function loadFunctions(): Promise<Map<FunctionName, Function>> {
  const loaded = await Promise.all(
    rows.map(async ([name]) => {
      const { default: app } = (await import(/* @vite-ignore */ `../${folder(name)}/handler.ts`)) as {
        default: Hono<Env>
      }
      return [
        name,
        {
          name,
          fetch: async (request: Request, address?: string) =>
            app.fetch(request, { functionName: name, address }),
        },
      ] as const
    }),
  )
  return new Map(loaded)
}

const document = new URL('../openapi.json', import.meta.url)

/**
 * What the gateway does in a cluster: method and path choose the function. Deliveries and ticks are not reachable. `web`
 * answers what is left, as the bucket of the web app does.
 */
export function createGateway(
  functions: Map<FunctionName, Function>,
  web?: MiddlewareHandler<Env>,
): Hono<Env> {
  const gateway = new Hono<Env>().route('/', health)
  gateway.get('/openapi.json', async (c) =>
    c.body(await readFile(document, 'utf8'), 200, { 'content-type': 'application/json' }),
  )
  gateway.use('/api/*', allowOrigins(config('auth').AUTH_TRUSTED_ORIGINS))
  for (const [name, row] of rows) {
    if (row.trigger !== 'http') continue
    gateway.on([...row.methods], row.path, (c) => functions.get(name)!.fetch(c.req.raw, c.env?.address))
  }
  if (web) gateway.get('*', web)
  const elsewhere = createApp()
  gateway.notFound(async (c) => elsewhere.fetch(c.req.raw, c.env))
  return gateway
}

/** What the sidecar does in a cluster: a delivery or a tick, with the token that only it knows. */
export function callFunction(
  target: Function,
  kind: 'events' | 'schedules',
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return target.fetch(
    new Request(`http://localhost/${kind}/${target.name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json',
        'dapr-api-token': config('dapr').APP_API_TOKEN,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}
