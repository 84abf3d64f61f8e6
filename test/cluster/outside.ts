/** Somebody on the internet, in front of the gateway. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { Agent, request, type RequestOptions } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { inTodo, kubectl, reach, type Address } from './kubectl.ts'

export type Answer = { status: number; headers: Record<string, string>; text: string; ms: number }

export type Sent = {
  headers?: Record<string, string>
  body?: string | Buffer
  /** What is said about the host in the handshake, where it differs from the header. */
  servername?: string
  agent?: Agent
}

type Gateway = {
  /** Of its two listeners. */
  https: Address
  http: Address
  /** The public name of the API. */
  host: string
  /** What signs its certificate. */
  ca: string
}

/** Its proxies, and the Service in front of them. */
export const proxies =
  'gateway.envoyproxy.io/owning-gateway-name=todo,gateway.envoyproxy.io/owning-gateway-namespace=todo'

const requestTimeoutMs = 60_000

/** The gateway of the application: where it is, and what it is called. */
export async function findGateway(): Promise<Gateway> {
  const [listener, secret, services] = await Promise.all([
    inTodo('get', 'gateway', 'todo', '--output', 'jsonpath={.spec.listeners[0].hostname}'),
    inTodo('get', 'secret', 'todo-tls', '--output', 'jsonpath={.data.ca\\.crt}'),
    kubectl(
      'get',
      'services',
      '--all-namespaces',
      '--selector',
      proxies,
      '--output',
      'jsonpath={.items[0].metadata}',
    ),
  ])
  const { name, namespace } = JSON.parse(services) as { name: string; namespace: string }
  return {
    https: await reach(namespace, name, 443),
    http: await reach(namespace, name, 80),
    host: listener,
    ca: Buffer.from(secret, 'base64').toString(),
  }
}

/** Sends a request over HTTPS, the path as it is. Rejects when there is no answer at all. */
export function ask(
  { https, host, ca }: Gateway,
  method: string,
  path: string,
  { headers = {}, body, servername = host, agent }: Sent = {},
): Promise<Answer> {
  const options: RequestOptions = {
    ...https,
    method,
    path,
    ca,
    servername,
    headers: { host, ...headers },
    timeout: requestTimeoutMs,
    ...(agent ? { agent } : { agent: false }),
  }
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const asking = request(options, (reply) => {
      let text = ''
      reply.on('data', (chunk: Buffer) => (text += chunk.toString()))
      reply.once('error', reject)
      reply.once('end', () =>
        resolve({
          status: reply.statusCode!,
          headers: Object.fromEntries(
            Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
          ),
          text,
          ms: performance.now() - startedAt,
        }),
      )
    })
    asking.once('timeout', () => asking.destroy(new Error(`no answer within ${requestTimeoutMs / 1000} s`)))
    asking.once('error', reject)
    asking.end(body)
  })
}

/** Signs somebody up, and answers a token. Tries are limited for each address, so it may have to wait its turn. */
export async function signUp(gateway: Gateway): Promise<string> {
  const account = { name: 'Ada', email: `${randomUUID()}@example.org`, password: 'a long password' }
  const sent = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) }
  let session = await ask(gateway, 'POST', '/api/auth/sign-up/email', sent)
  if (session.status === 429) {
    await sleep((Number(session.headers['retry-after']) + 1) * 1000)
    session = await ask(gateway, 'POST', '/api/auth/sign-up/email', sent)
  }
  if (session.status !== 200) throw new Error(`Sign-up answered ${session.status}: ${session.text}`)
  const { token: bearer } = JSON.parse(session.text) as { token: string }
  const headers = { authorization: `Bearer ${bearer}` }
  return (JSON.parse((await ask(gateway, 'GET', '/api/auth/token', { headers })).text) as { token: string })
    .token
}

const streamsOfConnection = 100

/** Asks so many times at once, over as few connections as that takes: their handshakes would spread the requests over seconds. */
export async function burst({ https, host, ca }: Gateway, path: string, count: number): Promise<Answer[]> {
  const connections = Array.from({ length: Math.ceil(count / streamsOfConnection) }, () =>
    connect(`https://${https.host}:${https.port}`, { ca, servername: host }),
  )
  await Promise.all(connections.map((connection) => once(connection, 'connect')))
  const startedAt = performance.now()
  const answers = Array.from({ length: count }, async (_, index) => {
    const stream = connections[index % connections.length]!.request({ ':path': path, ':authority': host })
    const [reply] = (await once(stream, 'response')) as [Record<string, string | number>]
    const text = (await stream.setEncoding('utf8').toArray()).join('')
    const headers = Object.fromEntries(Object.entries(reply).map(([name, value]) => [name, String(value)]))
    return { status: Number(reply[':status']), headers, text, ms: performance.now() - startedAt }
  })
  try {
    return await Promise.all(answers)
  } finally {
    for (const connection of connections) connection.close()
  }
}
