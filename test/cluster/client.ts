/** A person who uses the application through Knative's ingress: method and path choose the function, as at the gateway. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { rows } from '../../functions/manifest.ts'
import { clusterLocal } from '../../local/render/table.ts'
import { reach, type Address } from './kubectl.ts'

export type Reply<T = unknown> = { status: number; body: T; ms: number }

export type Client = {
  userId: string
  email: string
  call<T = unknown>(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>
}

const agent = new Agent({ keepAlive: true, maxSockets: 100 })
const requestTimeoutMs = 60_000
let ingress: Promise<Address> | undefined

/** The function that serves a path. */
function functionFor(method: string, path: string): string {
  const { pathname } = new URL(path, 'http://any')
  const fits = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+').replace('/*', '/.*')}$`).test(pathname)
  const row = rows.find(
    ([, row]) => row.trigger === 'http' && row.methods.some((own) => own === method) && fits(row.path),
  )
  if (!row) throw new Error(`${method} ${path} is no function's.`)
  return row[0]
}

/** Asks a function by its name. A status of 0: nobody answered. */
export async function ask<T = unknown>(
  functionName: string,
  method: string,
  path: string,
  {
    body,
    headers = {},
    host = clusterLocal(functionName),
  }: { body?: object; headers?: Record<string, string>; host?: string } = {},
): Promise<Reply<T>> {
  const address = await (ingress ??= reach('kourier-system', 'kourier-internal', 80))
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const answer = (status: number, text: string) =>
      resolve({ status, body: parse(text) as T, ms: performance.now() - startedAt })
    const asking = request(
      {
        ...address,
        agent,
        method,
        path,
        timeout: requestTimeoutMs,
        headers: { host, 'content-type': 'application/json', ...headers },
      },
      (reply) => {
        let text = ''
        reply.on('data', (chunk: Buffer) => (text += chunk.toString()))
        reply.once('end', () => answer(reply.statusCode!, text))
        reply.once('error', () => answer(0, ''))
      },
    )
    asking.once('timeout', () => asking.destroy(new Error('timeout')))
    asking.once('error', ({ message }) => answer(0, JSON.stringify(message)))
    asking.end(body && JSON.stringify(body))
  })
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Signs somebody up. Tries to sign up are limited for each address, so it waits its turn. */
export async function signUp(): Promise<Client> {
  let token = ''
  const call: Client['call'] = (method, path, body, headers = {}) =>
    ask(functionFor(method, path), method, path, {
      ...(body && { body }),
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    })
  const account = { name: 'Ada', email: `${randomUUID()}@example.org`, password: 'a long password' }
  // The address of the client is what the gateway says; this one is nobody's.
  const from = { 'x-forwarded-for': `192.0.2.${Math.floor(Math.random() * 256)}` }
  const session = await call<{ token: string; user: { id: string } }>(
    'POST',
    '/api/auth/sign-up/email',
    account,
    from,
  )
  if (session.status !== 200)
    throw new Error(`Sign-up answered ${session.status}: ${JSON.stringify(session.body)}`)
  token = session.body.token
  token = (await call<{ token: string }>('GET', '/api/auth/token')).body.token
  return { userId: session.body.user.id, email: account.email, call }
}
