/** The OpenAPI document says what the functions answer: every operation is called, and every reply held against it. */
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Hono } from 'hono'
import { createGateway, loadFunctions } from '../../local/host.ts'
import { openapi } from '../../local/render/openapi.ts'
import { rows } from '../../functions/manifest.ts'
import { planNotificationFor } from './openapi-notification.ts'
import type { Env } from '../../shared/http/env.ts'
import { sql } from '../../shared/data/sql.ts'
import { useDatabase } from '../../shared/testing/database.ts'
import type { TestUser } from '../../shared/testing/user.ts'

type Media = { schema: object }
type Answer = { content?: Record<string, Media>; $ref?: string }
type Operation = { operationId: string; responses: Record<string, Answer> }
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; responses: Record<string, Answer> }
}

useDatabase()

let document: Document
let gateway: Hono<Env>
let user: TestUser
const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }))
const called = new Set<string>()

beforeAll(async () => {
  document = (await openapi()) as Document
  gateway = createGateway(await loadFunctions())
  user = await signUp()
})

/** A user of the real auth function: a key of the test's own in the key set would keep it from signing. */
async function signUp(): Promise<TestUser> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const account = { name: 'Grace', email: 'grace@example.org', password: 'a long password' }
  const session = await gateway.request('/api/auth/sign-up/email', { ...post, body: JSON.stringify(account) })
  const { token, user } = (await session.json()) as { token: string; user: { id: string } }
  const exchanged = await gateway.request('/api/auth/token', {
    headers: { authorization: `Bearer ${token}` },
  })
  const jwt = ((await exchanged.json()) as { token: string }).token
  return { id: user.id, token: jwt, headers: { ...post.headers, authorization: `Bearer ${jwt}` } }
}

/** Calls an operation and fails when the reply is not what the document says of its status. */
async function call(
  method: string,
  template: string,
  values: Record<string, string> = {},
  body?: object,
  headers: Record<string, string> = {},
) {
  const operation = document.paths[template]![method.toLowerCase()]!
  called.add(operation.operationId)
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name]!)
  const reply = await gateway.request(path, {
    method,
    headers: { ...user.headers, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = operation.responses[String(reply.status)] ?? document.components.responses['Problem']!
  const type = reply.headers.get('content-type')?.split(';')[0] ?? ''
  const schema = answer.content?.[type]?.schema
  if (reply.status === 204) return { status: 204, json: {} as Record<string, never> }
  expect(schema, `${operation.operationId} answered ${reply.status} ${type}`).toBeDefined()
  const json = (await reply.json()) as Record<string, never>
  const valid = ajv.validate({ ...schema, components: document.components }, json)
  expect(ajv.errors ?? [], `${operation.operationId} ${reply.status}`).toEqual([])
  expect(valid).toBe(true)
  return { status: reply.status, json }
}

describe('every reply is what the document says', () => {
  test('auth', async () => {
    const account = { email: 'ada@example.org', password: 'a long password' }
    expect((await call('POST', '/api/auth/sign-up/email', {}, { name: 'Ada', ...account })).status).toBe(200)
    const session = await call('POST', '/api/auth/sign-in/email', {}, account)
    expect(session.status).toBe(200)
    const token = await call('GET', '/api/auth/token', {}, undefined, {
      authorization: `Bearer ${session.json['token']}`,
    })
    expect(token.status).toBe(200)
    expect((await call('GET', '/api/auth/jwks')).status).toBe(200)
    const own = { authorization: `Bearer ${session.json['token']}` }
    expect((await call('GET', '/api/auth/get-session', {}, undefined, own)).status).toBe(200)
    const change = { currentPassword: account.password, newPassword: 'another password' }
    expect((await call('POST', '/api/auth/change-password', {}, change, own)).status).toBe(200)
    const again = await call(
      'POST',
      '/api/auth/sign-in/email',
      {},
      { ...account, password: 'another password' },
    )
    const anew = { authorization: `Bearer ${again.json['token']}` }
    expect((await call('POST', '/api/auth/sign-out', {}, {}, own)).status).toBe(200)
    expect(
      (await call('POST', '/api/auth/delete-user', {}, { password: 'another password' }, anew)).status,
    ).toBe(200)
    expect((await call('POST', '/api/auth/sign-up/email', {}, { name: 'Ada', ...account })).status).toBe(200)
    expect(
      (await call('POST', '/api/auth/sign-in/email', {}, { ...account, password: 'a wrong password' }))
        .status,
    ).toBe(401)
  })

  test('tasks', async () => {
    const made = await call('POST', '/api/tasks', {}, { title: 'x', due_date: '2035-01-01', tags: ['a'] })
    expect(made.status).toBe(201)
    const values = { task_id: made.json['id'] as unknown as string }
    expect((await call('POST', '/api/tasks', {}, { title: '' })).status).toBe(400)
    expect((await call('GET', '/api/tasks')).status).toBe(200)
    expect((await call('GET', '/api/tasks/{task_id}', values)).status).toBe(200)
    expect((await call('PATCH', '/api/tasks/{task_id}', values, { priority: 1 })).status).toBe(200)
    expect((await call('PUT', '/api/tasks/{task_id}', values, { title: 'y' })).status).toBe(200)
    expect((await call('POST', '/api/tasks/{task_id}/complete', values, {})).status).toBe(200)
    expect((await call('POST', '/api/tasks/{task_id}/reopen', values, {})).status).toBe(200)
    expect((await call('POST', '/api/tasks/{task_id}/undo', values, {})).status).toBe(200)
    expect((await call('GET', '/api/tasks/{task_id}/history', values)).status).toBe(200)
    expect(
      (await call('DELETE', '/api/tasks/{task_id}', values, undefined, { 'if-match': '"1"' })).status,
    ).toBe(412)
    expect((await call('DELETE', '/api/tasks/{task_id}', values)).status).toBe(204)
    expect((await call('GET', '/api/tasks/{task_id}', values)).status).toBe(404)
  })

  test('tags and events', async () => {
    expect((await call('GET', '/api/tags')).status).toBe(200)
    expect((await call('GET', '/api/events')).status).toBe(200)
  })

  test('recurring tasks', async () => {
    const body = { title: 'x', recurrence_type: 'weekly', start_date: '2035-01-01T09:00:00Z' }
    const made = await call('POST', '/api/recurring-tasks', {}, body)
    expect(made.status).toBe(201)
    const values = { recurring_task_id: made.json['id'] as unknown as string }
    expect(
      (await call('POST', '/api/recurring-tasks/preview', {}, { recurrence_type: 'daily' })).status,
    ).toBe(200)
    expect((await call('GET', '/api/recurring-tasks')).status).toBe(200)
    expect((await call('GET', '/api/recurring-tasks/{recurring_task_id}', values)).status).toBe(200)
    expect(
      (await call('PUT', '/api/recurring-tasks/{recurring_task_id}', values, { title: 'y' })).status,
    ).toBe(200)
    expect(
      (await call('PATCH', '/api/recurring-tasks/{recurring_task_id}', values, { is_active: false })).status,
    ).toBe(200)
    expect((await call('DELETE', '/api/recurring-tasks/{recurring_task_id}', values)).status).toBe(204)
  })

  test('occurrences', async () => {
    const body = { title: 'x', recurrence_rule: 'FREQ=DAILY;COUNT=9', start_date: '2035-01-01' }
    const made = await call('POST', '/api/recurring-tasks', {}, body)
    const recurring_task_id = made.json['id'] as unknown as string
    const preview = { recurring_task_id, recurrence_rule: 'FREQ=WEEKLY' }
    expect((await call('POST', '/api/recurring-tasks/preview', {}, preview)).status).toBe(200)
    const list = '/api/recurring-tasks/{recurring_task_id}/occurrences'
    const one = (day: string) => ({ recurring_task_id, occurrence: `2035-01-0${day}` })
    const change = (patch: object) => call('PATCH', `${list}/{occurrence}`, one('3'), patch)
    expect((await call('POST', `${list}/{occurrence}/complete`, one('1'), {})).status).toBe(200)
    expect((await call('POST', `${list}/{occurrence}/skip`, one('2'))).status).toBe(200)
    expect((await change({ scope: 'this', title: 'y' })).status).toBe(200)
    expect((await change({ scope: 'following', title: 'z' })).status).toBe(200)
    expect((await call('GET', list, one('1'))).status).toBe(200)
    expect((await call('GET', list, { recurring_task_id: 'nonsense' })).status).toBe(404)
  })

  test('notifications', async () => {
    const notification_id = await planNotificationFor(user)
    expect((await call('GET', '/api/notifications')).status).toBe(200)
    expect(
      (await call('POST', '/api/notifications/{notification_id}/read', { notification_id }, {})).status,
    ).toBe(200)
  })

  test('me', async () => {
    expect((await call('GET', '/api/me')).status).toBe(200)
    expect((await call('PATCH', '/api/me', {}, { time_zone: 'Europe/Berlin' })).status).toBe(200)
    expect((await call('PUT', '/api/me', {}, { locale: 'de' })).status).toBe(200)
    expect((await call('GET', '/api/me/export')).status).toBe(200)
  })

  test('sessions', async () => {
    const sessions = await call('GET', '/api/sessions')
    expect(sessions.status).toBe(200)
    const [session] = sessions.json['items'] as unknown as { id: string }[]
    expect((await call('DELETE', '/api/sessions/{session_id}', { session_id: session!.id })).status).toBe(204)
  })

  test('dead letters', async () => {
    expect((await call('GET', '/api/dead-letters')).status).toBe(403)
    await sql`insert into operators (user_id) values (${user.id})`
    await sql`insert into dead_letters (fingerprint, event, error) values ('x', '{}', 'x')`
    expect((await call('GET', '/api/dead-letters')).status).toBe(200)
    const range = { from: '2026-01-15T09:00:00Z', to: '2026-01-15T10:00:00Z' }
    expect((await call('POST', '/api/dead-letters/replay', {}, range)).status).toBe(200)
    expect((await call('POST', '/api/dead-letters/replay', {}, {})).status).toBe(400)
  })

  test('no operation of the document was left out, and no function is missing in it', () => {
    const operations = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    expect([...called].toSorted()).toEqual(operations.toSorted())
    for (const [name, row] of rows) {
      if (row.trigger === 'http')
        expect(
          operations.some((id) => id === name || id.startsWith(`${name}-`)),
          name,
        ).toBe(true)
    }
  })
})
