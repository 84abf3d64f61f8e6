import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'POST', path: '/api/tasks', body: { title: 'x' } })

const create = (user: TestUser, body: unknown, headers: Record<string, string> = {}) =>
  app.request('/api/tasks', {
    method: 'POST',
    headers: { ...user.headers, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

const tasksOf = (user: TestUser) => sql`select * from tasks where user_id = ${user.id}`

describe('201', () => {
  test('the reply is the stored task, with its address and its version', async () => {
    const user = await signIn()
    const reply = await create(user, { title: ' Pay rent ', priority: 1, tags: ['home'] })
    expect(reply.status).toBe(201)
    const task = await bodyOf(reply, Reply)
    expect(task).toMatchObject({
      user_id: user.id,
      title: 'Pay rent',
      priority: 1,
      tags: ['home'],
      status: 'open',
      version: 1,
    })
    expect(reply.headers.get('location')).toBe(`/api/tasks/${task.id}`)
    expect(reply.headers.get('etag')).toBe('"1"')
    expect(await tasksOf(user)).toHaveLength(1)
  })

  test('task, reminder and event are written together', async () => {
    const user = await signIn()
    const { id } = await bodyOf(await create(user, { title: 'x', due_date: '2030-01-15T17:00:00Z' }), Reply)
    expect(await sql`select remind_at, state from reminders where task_id = ${id}`).toEqual([
      { remind_at: '2030-01-15T17:00:00Z', state: 'planned' },
    ])
    const [event] = await sql`
      select outbox.topic, logged.event_type, logged.event_data, logged.cause, logged.traceparent
      from outbox
      join task_event_log as logged on logged.id = outbox.event_id
      where outbox.partition_key = ${id}`
    expect(event).toMatchObject({
      topic: 'task-created',
      event_type: 'task.created',
      event_data: { task_id: id, user_id: user.id, title: 'x', due_date: '2030-01-15T17:00:00Z', version: 1 },
      cause: { by: 'user' },
    })
    expect(event!['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  })

  test.each([
    ['an instant', '2030-01-15T17:00:00Z', '2030-01-15T17:00:00Z', '2030-01-15T17:00:00Z'],
    [
      'a date, overdue when it ends where the user is',
      '2030-01-15',
      '2030-01-15T23:00:00Z',
      '2030-01-15T08:00:00Z',
    ],
    [
      'a local time that follows the user',
      '2030-01-15T17:00:00',
      '2030-01-15T16:00:00Z',
      '2030-01-15T16:00:00Z',
    ],
    [
      'a local time in a fixed zone',
      '2030-01-15T17:00:00[America/New_York]',
      '2030-01-15T22:00:00Z',
      '2030-01-15T22:00:00Z',
    ],
  ])('a due date can be %s and comes back as it was given', async (_, due_date, due_at, remind_at) => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const task = await bodyOf(await create(user, { title: 'x', due_date }), Reply)
    expect(task).toMatchObject({ due_date, due_at })
    expect(await sql`select remind_at from reminders where task_id = ${task.id}`).toEqual([{ remind_at }])
  })

  test('the trace of the request goes on in the event', async () => {
    const user = await signIn()
    const trace = '0af7651916cd43dd8448eb211c80319c'
    await create(user, { title: 'x' }, { traceparent: `00-${trace}-b7ad6b7169203331-01` })
    const [event] = await sql`select traceparent from task_event_log where user_id = ${user.id}`
    expect(event!['traceparent']).toContain(trace)
  })

  test('the same Idempotency-Key and body get the same reply and one task', async () => {
    const user = await signIn()
    const send = () => create(user, { title: 'x' }, { 'idempotency-key': 'k1' })
    const replies = await Promise.all([send(), send(), send()])
    const bodies = await Promise.all(replies.map((reply) => reply.text()))
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(bodies).size).toBe(1)
    expect(await tasksOf(user)).toHaveLength(1)
  })
})

describe('422', () => {
  test('the same Idempotency-Key with another body is refused', async () => {
    const user = await signIn()
    await create(user, { title: 'x' }, { 'idempotency-key': 'k1' })
    const reply = await create(user, { title: 'y' }, { 'idempotency-key': 'k1' })
    expect(reply.status).toBe(422)
    expect((await problemOf(reply)).code).toBe('idempotency_mismatch')
    expect(await tasksOf(user)).toHaveLength(1)
  })
})

describe('400', () => {
  test.each<[string, unknown, string]>([
    ['no title', {}, 'title'],
    ['an empty title', { title: '  ' }, 'title'],
    ['a title of 501 characters', { title: 'x'.repeat(501) }, 'title'],
    ['a title with NUL', { title: 'a\0b' }, 'title'],
    ['a title with half of a surrogate pair', '{"title":"\\ud800"}', 'title'],
    ['a title of another type', { title: 1 }, 'title'],
    ['a priority out of range', { title: 'x', priority: 4 }, 'priority'],
    ['a field that is not known', { title: 'x', colour: 'red' }, 'colour'],
    ['a day that does not exist', { title: 'x', due_date: '2026-02-30' }, 'due_date'],
    ['a year before 1970', { title: 'x', due_date: '1969-12-31' }, 'due_date'],
    ['a year after 2200', { title: 'x', due_date: '2201-01-01' }, 'due_date'],
    ['a zone that does not exist', { title: 'x', due_date: '2026-01-01T10:00:00[Mars/Olympus]' }, 'due_date'],
    ['a tag given twice', { title: 'x', tags: ['a', 'a'] }, 'tags'],
    ['a number in the place of tags', { title: 'x', tags: [1] }, 'tags.0'],
  ])('%s: names the field, writes nothing', async (_, body, field) => {
    const user = await signIn()
    const reply = await create(user, body)
    expect(reply.status).toBe(400)
    const problem = await problemOf(reply)
    expect(problem.code).toBe('invalid')
    expect(problem.errors?.map((error) => error.field)).toEqual([field])
    expect(await tasksOf(user)).toHaveLength(0)
  })

  test.each([
    ['no JSON', '{"title":'],
    ['a key given twice', '{"title":"a","title":"b"}'],
    ['a key given twice in two spellings', '{"title":"a","titl\\u0065":"b"}'],
    ['bottomless nesting', `{"title":${'['.repeat(5000)}${']'.repeat(5000)}}`],
  ])('%s: is refused as a body', async (_, body) => {
    const user = await signIn()
    const reply = await create(user, body)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).code).toBe('malformed_body')
    expect(await tasksOf(user)).toHaveLength(0)
  })
})

describe('413, 415', () => {
  test('a body over the limit', async () => {
    const reply = await create(await signIn(), { title: 'x', description: 'x'.repeat(70_000) })
    expect(reply.status).toBe(413)
    expect((await problemOf(reply)).code).toBe('body_too_large')
  })

  test('a body that is not announced as JSON', async () => {
    const reply = await create(await signIn(), '{"title":"x"}', { 'content-type': 'text/plain' })
    expect(reply.status).toBe(415)
  })
})
