/** Which port of the loopback interface each part listens on, counted from `STACK_PORTS`. */
import { createServer } from 'node:net'
import { config } from '../../shared/runtime/config.ts'

const places = { page: 0, kafka: 1, controller: 2, smtp: 3 } as const
const functionsFrom = 20
const sidecarsFrom = 100
const portsOfSidecar = ['http', 'grpc', 'internal', 'metrics'] as const

export type SidecarPorts = Record<(typeof portsOfSidecar)[number], number>

export const portOf = (part: keyof typeof places): number => config('stack').STACK_PORTS + places[part]

/** By the place of the function among those that Dapr calls. */
export const portOfFunction = (place: number): number => config('stack').STACK_PORTS + functionsFrom + place

/** By the place of the sidecar among all. */
export function portsOf(place: number): SidecarPorts {
  const first = config('stack').STACK_PORTS + sidecarsFrom + place * portsOfSidecar.length
  return Object.fromEntries(portsOfSidecar.map((name, index) => [name, first + index])) as SidecarPorts
}

/** The ports that somebody else listens on. */
export async function taken(ports: number[]): Promise<number[]> {
  const free = await Promise.all(ports.map(isFree))
  return ports.filter((_, index) => !free[index])
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
