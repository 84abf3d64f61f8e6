/** The cluster of `KUBECONFIG`, by kubectl. */
import { execFile, spawn } from 'node:child_process'
import { createServer, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const namespace = 'todo'

/** Its output; rejects with what it printed. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', args, { maxBuffer: 100_000_000 })
  return stdout
}

/** In the namespace of the application. */
export const inTodo = (...args: string[]): Promise<string> => kubectl('--namespace', namespace, ...args)

export type Resource = {
  kind: string
  metadata: {
    name: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    deletionTimestamp?: string
    creationTimestamp: string
    generation: number
  }
  spec: Record<string, unknown>
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] } & Record<
    string,
    unknown
  >
}

/** Resources of a kind, or of several with commas between them; `selector` as kubectl takes it. */
export async function list(kinds: string, selector = ''): Promise<Resource[]> {
  const text = await inTodo('get', kinds, '--selector', selector, '--output', 'json')
  return (JSON.parse(text) as { items: Resource[] }).items
}

/** Applies resources that are given as objects. */
export async function apply(...resources: object[]): Promise<void> {
  const kubectl = spawn('kubectl', ['apply', '--filename', '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  kubectl.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  kubectl.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: resources }))
  const code = await new Promise((resolve) => kubectl.once('exit', resolve))
  if (code !== 0) throw new Error(said)
}

/** Names of the pods of a function that were not told to end. */
export async function podsOf(functionName: string): Promise<string[]> {
  const pods = await list('pods', `serving.knative.dev/service=${functionName}`)
  return pods.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name)
}

export const isReady = ({ status }: Resource): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false

/** Resolves when the condition holds, asking twice a second. */
export async function eventually(
  what: string,
  condition: () => Promise<boolean>,
  timeoutMs = 120_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s.`)
    await sleep(500)
  }
}

export type Address = { host: string; port: number }

/**
 * Where this machine reaches a port of a Service: at the Service's own address where there is a way to it, else by a forwarded
 * port, which is made anew when the pod behind it goes.
 */
export async function reach(inNamespace: string, service: string, port: number): Promise<Address> {
  const clusterIp = ['--output', 'jsonpath={.spec.clusterIP}']
  const own = await kubectl('--namespace', inNamespace, 'get', 'service', service, ...clusterIp)
  if (own !== 'None' && (await answers({ host: own, port }))) return { host: own, port }
  return forward(inNamespace, `service/${service}`, port)
}

const forwards: (() => void)[] = []

/** A port of this machine that leads to a port of a pod, even to one that only listens on its loopback interface. */
export async function forward(inNamespace: string, target: string, port: number): Promise<Address> {
  const own = { host: '127.0.0.1', port: await freePort() }
  let ended = false
  let child = spawnForward()
  function spawnForward() {
    const args = ['--namespace', inNamespace, 'port-forward', target, `${own.port}:${port}`]
    const started = spawn('kubectl', args, { stdio: 'ignore' })
    started.once('exit', () => {
      if (!ended) setTimeout(() => (child = spawnForward()), 500)
    })
    return started
  }
  forwards.push(() => {
    ended = true
    child.kill()
  })
  await eventually(`a way to ${target}`, () => answers(own), 20_000)
  return own
}

export function endForwards(): void {
  for (const end of forwards.splice(0)) end()
}

const answers = ({ host, port }: Address) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 })
    const answer = (result: boolean) => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
