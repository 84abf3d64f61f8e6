/** Functions as they are deployed: built, each a process of its own, spoken to over HTTP. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FunctionName } from '../../functions/manifest.ts'
import { bundle, root } from '../../local/bundle.ts'
import { compile } from '../../local/compile.ts'
import { useDatabase } from '../../shared/testing/database.ts'
import { bodyOf } from '../../shared/testing/reply.ts'
import { Reply } from '../../functions/http/task-create/schema.ts'

useDatabase()

/** Of a user whom the built `auth` has signed up and given a token. */
let headers: Record<string, string>

const running: ChildProcess[] = []
const urls = new Map<FunctionName, string>()

/** Started as `node main.cjs` is, and asked by a signal which of Node's own modules it has loaded. */
async function start(name: FunctionName): Promise<ChildProcess> {
  await bundle(name)
  await compile(`${root}/dist/${name}`)
  const script = `
    require('./main.cjs')
    process.on('SIGUSR2', () => console.log(process.moduleLoadList.join()))`
  const child = spawn(process.execPath, ['-e', script], {
    cwd: `${root}/dist/${name}`,
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { port } = JSON.parse(line.toString()) as { port: number }
  urls.set(name, `http://127.0.0.1:${port}`)
  return child
}

const ask = (name: FunctionName, path: string, init: RequestInit = {}) => fetch(urls.get(name)! + path, init)

const account = { name: 'Ada', email: 'ada@example.org', password: 'a long password' }
const postAuth = (path: string, data: object) =>
  ask('auth', path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
  })

async function signUp(): Promise<Record<string, string>> {
  const reply = await postAuth('/api/auth/sign-up/email', account)
  expect(reply.headers.getSetCookie()[0]).toMatch(/session_token=/)
  const session = (await reply.json()) as { token: string }
  const authorization = `Bearer ${session.token}`
  const issued = await ask('auth', '/api/auth/token', { headers: { authorization } })
  const { token } = (await issued.json()) as { token: string }
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
}

let create: ChildProcess

beforeAll(async () => {
  ;[create] = await Promise.all([start('task-create'), start('task-get'), start('auth')])
  headers = await signUp()
})

afterAll(() => running.forEach((child) => child.kill('SIGKILL')))

const body = JSON.stringify({ title: 'Pay rent' })

async function loaded(child: ChildProcess): Promise<string> {
  child.stdout!.resume()
  const lines = once(child.stdout!, 'data') as Promise<[Buffer]>
  child.kill('SIGUSR2')
  return (await lines).toString()
}

describe('a function that starts', () => {
  test('answers and writes without undici and HTTP/2, which take longer to load than Node itself', async () => {
    expect((await ask('task-create', '/healthz')).status).toBe(200)
    expect((await ask('task-create', '/api/tasks', { method: 'POST', body })).status).toBe(401)
    expect((await ask('task-create', '/api/tasks', { method: 'POST', headers, body })).status).toBe(201)
    const modules = await loaded(create)
    expect(modules).toContain('NativeModule http')
    expect(modules).not.toMatch(/NativeModule (internal\/deps\/undici\/undici|http2)\b/)
  })
})

describe('a reply of a built function', () => {
  test('is a refusal of a wrong password', async () => {
    const reply = await postAuth('/api/auth/sign-in/email', { email: account.email, password: 'another one' })
    expect(reply.status).toBe(401)
    expect(reply.headers.get('x-request-id')).toMatch(/./)
  })

  test('has the headers of the handler and of the app', async () => {
    const reply = await ask('task-create', '/api/tasks', {
      method: 'POST',
      headers: { ...headers, 'x-request-id': 'mine' },
      body,
    })
    const { id } = await bodyOf(reply, Reply)
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'application/json',
      location: `/api/tasks/${id}`,
      etag: '"1"',
      'x-request-id': 'mine',
    })
    const again = await ask('task-get', `/api/tasks/${id}`, { headers })
    expect([again.status, again.headers.get('etag')]).toEqual([200, '"1"'])
    expect(again.headers.get('x-request-id')).toMatch(/./)
    const gone = await ask('task-get', `/api/tasks/${id.replace(/^./, '9')}`, { headers })
    expect([gone.status, gone.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  test('is the first one again for the same Idempotency-Key', async () => {
    const send = () =>
      ask('task-create', '/api/tasks', {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': 'k' },
        body,
      })
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await second.text()).toBe(await first.text())
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  })

  test('comes for a body that is streamed, and for one that is too large', async () => {
    const stream = (text: string) => ({
      method: 'POST',
      headers,
      body: new Blob([text]).stream(),
      duplex: 'half',
    })
    expect((await ask('task-create', '/api/tasks', stream(body))).status).toBe(201)
    const large = JSON.stringify({ title: 'x', description: 'x'.repeat(70_000) })
    expect((await ask('task-create', '/api/tasks', stream(large))).status).toBe(413)
  })
})
