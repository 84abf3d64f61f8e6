import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase, waitingForLock } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask, eventsOf, hiddenTasks, remindersOf } from '../../../shared/testing/task.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'POST', path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057/complete' })
hiddenTasks(app, { method: 'POST', path: (id) => `/api/tasks/${id}/complete` })

const complete = async (user: TestUser, id: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.request(`/api/tasks/${id}/complete`, {
    method: 'POST',
    headers: { ...user.headers, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

const rowOf = (id: string) => sql`select * from tasks where id = ${id}`

/** The clock of the database, moved by `offset`. */
const clock = async (offset: string) => {
  const [row] = await sql<[{ at: string }]>`select clock_now() + ${offset}::text::interval as at`
  return row.at
}

describe('200', () => {
  test('the task is done, its reminder cancelled, the completion announced', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15T17:00:00Z' })
    const before = await clock('0')
    const reply = await complete(user, id)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"2"')
    const task = await bodyOf(reply, Reply)
    expect(task).toMatchObject({ id, status: 'done', version: 2, due_date: '2030-01-15T17:00:00Z' })
    expect(Date.parse(task.completed_at!)).toBeGreaterThanOrEqual(Date.parse(before))
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T17:00:00Z', state: 'cancelled' }])
    expect(await eventsOf(id)).toMatchObject([
      { event_type: 'task.completed', queued: 'task-completed', event_data: { status: 'done', version: 2 } },
    ])
  })

  test.each([
    ['no body and no content type', undefined, {}],
    ['an empty object', '{}', { 'content-type': 'application/json' }],
  ])('with %s', async (_, body, headers) => {
    const user = await signIn()
    const { authorization } = user.headers as { authorization: string }
    const reply = await app.request(`/api/tasks/${await addTask(user)}/complete`, {
      method: 'POST',
      headers: { authorization, ...(headers as Record<string, string>) },
      ...(body !== undefined && { body }),
    })
    expect(await bodyOf(reply, Reply)).toMatchObject({ status: 'done' })
  })

  test('a completion of the past is dated back', async () => {
    const user = await signIn()
    const reply = await complete(user, await addTask(user), { completed_at: '2024-02-29T10:00:00+02:00' })
    expect(await bodyOf(reply, Reply)).toMatchObject({ completed_at: '2024-02-29T08:00:00Z' })
  })

  test('a completion by a clock that is a little ahead counts as now', async () => {
    const user = await signIn()
    const ahead = await clock('4 minutes')
    const task = await bodyOf(await complete(user, await addTask(user), { completed_at: ahead }), Reply)
    expect(Date.parse(task.completed_at!)).toBeLessThan(Date.parse(ahead))
    expect(task.completed_at).toBe(task.updated_at)
  })

  test('completing again answers the same task and announces nothing', async () => {
    const user = await signIn()
    const id = await addTask(user)
    const first = await bodyOf(await complete(user, id), Reply)
    const second = await complete(user, id, { completed_at: '2024-01-01T00:00:00Z' })
    expect(second.status).toBe(200)
    expect(await bodyOf(second, Reply)).toEqual(first)
    expect(await eventsOf(id)).toHaveLength(1)
  })

  test('ten completions at once are one, with one event', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15' })
    const replies = await Promise.all(Array.from({ length: 10 }, async () => complete(user, id)))
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(new Set(await Promise.all(replies.map(async (reply) => reply.text()))).size).toBe(1)
    expect(await rowOf(id)).toMatchObject([{ version: 2 }])
    expect(await eventsOf(id)).toHaveLength(1)
  })
})

test('a completion waits for a due scan that has the reminder, and does not stop it', async () => {
  const user = await signIn()
  const id = await addTask(user, { due_date: '2020-01-01' })
  const reply = await sql.begin(async (scan) => {
    await scan`update reminders set state = 'fired' where task_id = ${id}`
    const waiting = complete(user, id)
    await until(async () => (await waitingForLock()) === 1)
    // Needs the key of the task, as every event does.
    await scan`insert into task_event_log (task_id, user_id, event_type, event_data) values (${id}, ${user.id}, 'x', '{}')`
    return { waiting }
  })
  expect((await reply.waiting).status).toBe(200)
  expect((await remindersOf(id)).map(({ state }) => state)).toEqual(['fired'])
})

describe('400', () => {
  test.each([
    ['a body that is no object', 1, ''],
    ['null', null, ''],
    ['a field that is not known', { status: 'done' }, 'status'],
    ['a date without a time', { completed_at: '2024-01-01' }, 'completed_at'],
    ['a local time', { completed_at: '2024-01-01T10:00:00' }, 'completed_at'],
    ['an instant that does not exist', { completed_at: '2024-02-30T10:00:00Z' }, 'completed_at'],
    ['no text', { completed_at: 1 }, 'completed_at'],
  ])('%s: nothing is written', async (_, body, field) => {
    const user = await signIn()
    const id = await addTask(user)
    const reply = await complete(user, id, body)
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
    expect(await rowOf(id)).toMatchObject([{ status: 'open', version: 1 }])
    expect(await eventsOf(id)).toEqual([])
  })

  test('an instant more than five minutes ahead', async () => {
    const user = await signIn()
    const id = await addTask(user)
    const reply = await complete(user, id, { completed_at: await clock('6 minutes') })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual(['completed_at'])
    expect(await rowOf(id)).toMatchObject([{ status: 'open' }])
  })
})

describe('412', () => {
  test('If-Match of another version: the task stays open', async () => {
    const user = await signIn()
    const id = await addTask(user)
    const reply = await complete(user, id, undefined, { 'if-match': '"7"' })
    expect(reply.status).toBe(412)
    expect((await problemOf(reply)).code).toBe('version_mismatch')
    expect(await rowOf(id)).toMatchObject([{ status: 'open', version: 1 }])
    expect(await eventsOf(id)).toEqual([])
    expect((await complete(user, id, undefined, { 'if-match': '"1"' })).status).toBe(200)
  })
})
