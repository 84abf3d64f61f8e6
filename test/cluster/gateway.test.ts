/** What somebody outside can reach, and what they cannot. */
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../../functions/manifest.ts'
import { apply, eventually, inTodo, list } from './kubectl.ts'
import { ask, burst, findGateway, signUp, type Answer } from './outside.ts'

const app = 'https://app.todo.localhost'

let gateway: Awaited<ReturnType<typeof findGateway>>
beforeAll(async () => {
  gateway = await findGateway()
})

/** What a problem document says, and whether the gateway or a function said it. */
function problemOf({ headers, text }: Answer): { code: string; request_id: string; detail: string } {
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  return JSON.parse(text) as { code: string; request_id: string; detail: string }
}

const nobody = 'Nothing is served at this path with this method.'

describe('a function with a route', () => {
  const routes = rows.flatMap(([name, row]) =>
    row.trigger === 'http' ? row.methods.map((method) => [method, row.path, name, row.caller] as const) : [],
  )

  test.each(routes.filter(([, , , caller]) => caller !== 'anyone'))(
    '%s %s reaches %s',
    async (method, path) => {
      const reply = await ask(gateway, method, path.replaceAll(/:\w+/g, randomUUID()))
      expect([reply.status, problemOf(reply).code]).toEqual([401, 'unauthorized'])
    },
  )

  test('auth is reached below its prefix', async () => {
    const reply = await ask(gateway, 'GET', '/api/auth/jwks')
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.text)).toHaveProperty('keys')
  })

  test('all routes are taken by the gateway, and lead to where they may', async () => {
    const states = (await list('httproutes')).map(({ metadata, status }) => {
      const { parents } = status as unknown as {
        parents: { conditions: { type: string; status: string }[] }[]
      }
      const held = parents[0]?.conditions.filter(({ status: value }) => value === 'True')
      return [metadata.name, held?.map(({ type }) => type).toSorted()]
    })
    expect(states.filter(([, held]) => String(held) !== 'Accepted,ResolvedRefs')).toEqual([])
    expect(states).toHaveLength(rows.filter(([, row]) => row.trigger === 'http').length + 3)
  })
})

test('somebody outside signs up, adds a task, and is notified when it falls due', async () => {
  const token = await signUp(gateway)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ title: 'Tea', due_date: new Date(Date.now() + 3_000).toISOString() })
  const added = await ask(gateway, 'POST', '/api/tasks', { headers, body })
  expect(added.status).toBe(201)
  const { id } = JSON.parse(added.text) as { id: string }
  await eventually('a notification', async () => {
    const { text } = await ask(gateway, 'GET', '/api/notifications', { headers })
    return (JSON.parse(text) as { items: { task_id: string }[] }).items.some(({ task_id }) => task_id === id)
  })
  expect((await ask(gateway, 'GET', `/api/tasks/${id}`, { headers })).headers['etag']).toBe('"1"')
})

describe('nobody outside reaches', () => {
  const unreachable = [
    ...rows.flatMap(([name, { trigger }]) =>
      trigger === 'http' ? [] : [`/${trigger === 'event' ? 'events' : 'schedules'}/${name}`],
    ),
    '/dapr/config',
    '/dapr/subscribe',
    '/v1.0/healthz',
    '/v1.0/publish/pubsub/task-created',
    '/v1.0/invoke/outbox-relay/method/healthz',
    '/v1.0/bindings/smtp',
    '/v1.0/secrets/kubernetes/todo',
    '/healthz',
    '/readyz',
    '/metrics',
    '/',
    '/api',
    '/api/',
    '/API/tasks',
    '/api/tasks/',
    '/api/nothing',
    '/api/tasks/../../events/notification-plan',
    '/api/auth/../../events/notification-plan',
    '/api/tasks/%2e%2e/%2e%2e/events/notification-plan',
  ]

  test.each(unreachable)('%s', async (path) => {
    const reply = await ask(gateway, 'POST', path, { headers: { 'dapr-api-token': 'guessed' } })
    expect(reply.status).toBe(404)
    expect(problemOf(reply)).toMatchObject({ code: 'not_found', detail: nobody })
    expect(problemOf(reply).request_id).toMatch(/^[\w-]{36}$/)
  })

  test.each(['PUT', 'OPTIONS', 'TRACE'])('a path with the method %s', async (method) => {
    expect((await ask(gateway, method, '/api/tasks')).status).toBe(404)
  })

  test.each(['/api/tasks/a%2Fb', '/api/tasks/a%5Cb', '/api/auth/%2f..%2f..%2fevents'])(
    '%s: an escaped slash is refused',
    async (path) => expect((await ask(gateway, 'GET', path)).status).toBe(400),
  )

  test('a function by its name in the cluster, in the header', async () => {
    const host = 'notification-plan.todo.svc.cluster.local'
    expect((await ask(gateway, 'POST', '/events/notification-plan', { headers: { host } })).status).toBe(404)
  })

  test('a function by its name in the cluster, in the handshake', async () => {
    const servername = 'notification-plan.todo.svc.cluster.local'
    const ended = /ECONNRESET|disconnected/
    await expect(ask(gateway, 'GET', '/api/tasks', { servername })).rejects.toThrow(ended)
    await expect(ask(gateway, 'GET', '/api/tasks', { servername: '' })).rejects.toThrow(ended)
  })

  test('anything else of the namespace of the ingress, by a route of ours', async () => {
    const name = `stray-${randomUUID().slice(0, 8)}`
    await apply({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name, namespace: 'todo' },
      spec: {
        parentRefs: [{ name: 'todo', sectionName: 'https' }],
        rules: [
          {
            matches: [{ path: { type: 'Exact', value: `/api/${name}` } }],
            backendRefs: [{ name: 'net-kourier-controller', namespace: 'kourier-system', port: 18000 }],
          },
        ],
      },
    })
    try {
      const reasonOf = async () => {
        const path = '{.status.parents[0].conditions[?(@.type=="ResolvedRefs")].reason}'
        return inTodo('get', 'httproute', name, '--output', `jsonpath=${path}`)
      }
      await eventually('the route is judged', async () => (await reasonOf()) !== '', 30_000)
      expect(await reasonOf()).toBe('RefNotPermitted')
    } finally {
      await inTodo('delete', 'httproute', name)
    }
  })
})

describe('encryption', () => {
  test('plain HTTP leads to the same address over HTTPS', async () => {
    const { status, location } = await new Promise<{ status?: number; location?: string | undefined }>(
      (resolve, reject) => {
        const { http, host } = gateway
        const asking = request({ ...http, path: '/api/tasks?q=a%20b', headers: { host } }, (reply) => {
          reply.resume()
          resolve({ status: reply.statusCode!, location: reply.headers.location })
        })
        asking.once('error', reject)
        asking.end()
      },
    )
    expect([status, location]).toEqual([301, `https://${gateway.host}/api/tasks?q=a%20b`])
  })

  const handshake = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
    new Promise<string | false | null>((resolve, reject) => {
      const { https, host, ca } = gateway
      const socket = connect({
        ...https,
        ca,
        servername: host,
        minVersion: version,
        maxVersion: version,
        // Else this side refuses the old version by itself, and the test would prove nothing.
        ciphers: 'DEFAULT@SECLEVEL=0',
        ALPNProtocols: ['h2', 'http/1.1'],
      })
      socket.once('secureConnect', () => {
        resolve(socket.alpnProtocol)
        socket.destroy()
      })
      socket.once('error', reject)
    })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken, with HTTP/2', async (version) => {
    expect(await handshake(version)).toBe('h2')
  })

  test('TLSv1.1 is refused', async () => {
    await expect(handshake('TLSv1.1')).rejects.toThrow(/protocol version|alert/i)
  })

  test('browsers are told to stay with it', async () => {
    const { headers } = await ask(gateway, 'GET', '/api/tasks')
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8,}/)
  })
})

describe('what a caller says about itself is not believed', () => {
  test.each<[string, Record<string, string>]>([
    // Each of the parts behind would answer a probe itself, with 200 and without looking at a token.
    ['a probe of Knative', { 'k-network-probe': 'queue' }],
    ['a probe of the activator', { 'k-network-probe': 'activator' }],
    ['a probe of the kubelet', { 'k-kubelet-probe': 'queue' }],
  ])('%s', async (_, headers) => {
    const reply = await ask(gateway, 'GET', '/api/tasks', { headers })
    expect([reply.status, problemOf(reply).code]).toEqual([401, 'unauthorized'])
  })

  test('its request id is replaced', async () => {
    const { headers } = await ask(gateway, 'GET', '/api/tasks', { headers: { 'x-request-id': 'mine' } })
    expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/)
  })

  test('its address: tries to sign in are counted by the true one', async () => {
    const body = JSON.stringify({ email: `${randomUUID()}@example.org`, password: 'a wrong password' })
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const address = `203.0.113.${index}`
        const headers = {
          'content-type': 'application/json',
          'x-forwarded-for': address,
          'x-real-ip': address,
          forwarded: `for=${address}`,
        }
        return ask(gateway, 'POST', '/api/auth/sign-in/email', { headers, body })
      }),
    )
    expect(answers.map(({ status }) => status)).toContain(429)
  })
})

describe('limits', () => {
  const post = (bytes: number, headers: Record<string, string> = {}) =>
    ask(gateway, 'POST', '/api/tasks', {
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.alloc(bytes, 'a'),
    })

  test('a body of more than 256 KiB ends at the gateway, with and without its length announced', async () => {
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const reply = await post(400_000, headers)
      expect([reply.status, problemOf(reply).code]).toEqual([413, 'body_too_large'])
    }
  })

  test('a smaller one reaches the function', async () => {
    expect((await post(200_000)).status).toBe(401)
  })

  test('more than 100 requests a second of one caller on one route are refused, and another route answers', async () => {
    const replies = await burst(gateway, '/api/tags', 600)
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(problemOf(refused[0]!).code).toBe('too_many_requests')
    expect(refused[0]!.headers['retry-after']).toBe('1')
    expect((await ask(gateway, 'GET', '/api/me')).status).toBe(401)
    const isServed = async () => (await ask(gateway, 'GET', '/api/tags')).status === 401
    await eventually('the route answers again', isServed, 10_000)
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string, path: string, method: string) =>
    ask(gateway, 'OPTIONS', path, {
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization, content-type, if-match',
      },
    })

  test.each([
    ['/api/tasks', 'GET'],
    ['/api/tasks', 'POST'],
    [`/api/tasks/${randomUUID()}`, 'PATCH'],
    ['/api/auth/sign-in/email', 'POST'],
  ])('the app may ask %s %s', async (path, method) => {
    const { status, headers } = await preflight(app, path, method)
    expect(status).toBeLessThan(300)
    expect(headers).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
    })
    expect(headers['access-control-allow-methods']).toContain(method)
    expect(headers['access-control-allow-headers']).toContain('if-match')
  })

  test.each([
    ['a function answers', '/api/tasks', 401],
    ['the gateway answers', '/api/nothing', 404],
  ])('the app reads what %s', async (_, path, status) => {
    const reply = await ask(gateway, 'GET', path, { headers: { origin: app } })
    expect(reply.status).toBe(status)
    expect(reply.headers['access-control-allow-origin']).toBe(app)
  })

  test('the app reads the headers that it works with', async () => {
    const { headers } = await ask(gateway, 'GET', '/api/tasks', { headers: { origin: app } })
    expect(headers['access-control-expose-headers']?.split(', ')).toEqual(
      expect.arrayContaining(['etag', 'retry-after', 'idempotency-replayed']),
    )
  })

  test('nobody else is told that they may', async () => {
    const foreign = 'https://evil.example.com'
    const asked = await preflight(foreign, '/api/tasks', 'POST')
    const read = await ask(gateway, 'GET', '/api/tasks', { headers: { origin: foreign } })
    expect(asked.headers['access-control-allow-origin']).toBeUndefined()
    expect(read.headers['access-control-allow-origin']).toBeUndefined()
  })
})
