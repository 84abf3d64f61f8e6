import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask, hiddenTasks } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import completeTask from '../task-complete/handler.ts'
import createTask from '../task-create/handler.ts'
import updateTask from '../task-update/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057/history' })
hiddenTasks(app, { method: 'GET', path: (id) => `/api/tasks/${id}/history` })

const request = async (user: TestUser, id: string, parameters: Record<string, string> = {}) =>
  app.request(`/api/tasks/${id}/history?${new URLSearchParams(parameters)}`, { headers: user.headers })

async function history(user: TestUser, id: string, parameters: Record<string, string> = {}) {
  const reply = await request(user, id, parameters)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}

/** Three events of one task, made by the functions that make them. */
async function live(user: TestUser): Promise<string> {
  const post = (requestId: string, method: string, body: object) => ({
    method,
    headers: { ...user.headers, 'x-request-id': requestId },
    body: JSON.stringify(body),
  })
  const reply = await createTask.request('/api/tasks', post('one', 'POST', { title: 'Old' }))
  const { id } = (await reply.json()) as { id: string }
  await updateTask.request(`/api/tasks/${id}`, post('two', 'PATCH', { title: 'New' }))
  await completeTask.request(`/api/tasks/${id}/complete`, post('three', 'POST', {}))
  return id
}

/** Many events at the same few instants, over several months of the log; their ids tell nothing of the order. */
async function addEvents(user: TestUser, id: string, count: number): Promise<void> {
  await sql`
    insert into task_event_log (id, task_id, user_id, event_type, event_data, cause, created_at)
    select
      gen_random_uuid(), ${id}, ${user.id}, 'task.updated', jsonb_build_object('n', n),
      '{"by": "user", "function": "test"}', clock_now() + n / 5 * interval '20 days'
    from generate_series(1, ${count}::integer) as n`
}

describe('200', () => {
  test('what happened, the latest first, with what it changed and which request did it', async () => {
    const user = await signIn()
    const id = await live(user)
    const { items, ...rest } = await history(user, id)
    expect(rest).toEqual({ page_size: 20, next_cursor: null })
    expect(items).toMatchObject([
      {
        type: 'task.completed',
        cause: { by: 'user', request_id: 'three' },
        changes: null,
        data: { task_id: id, status: 'done', version: 3 },
      },
      {
        type: 'task.updated',
        cause: { by: 'user', request_id: 'two' },
        changes: { title: ['Old', 'New'] },
        data: { title: 'New', version: 2 },
      },
      { type: 'task.created', cause: { by: 'user', request_id: 'one' }, data: { title: 'Old', version: 1 } },
    ])
    expect(items[1]!.data).not.toHaveProperty('changes')
    const instants = items.map(({ at }) => Temporal.Instant.from(at).epochNanoseconds)
    expect(instants.toSorted((a, b) => (a < b ? 1 : -1))).toEqual(instants)
  })

  test('a task that nothing happened to', async () => {
    const user = await signIn()
    expect(await history(user, await addTask(user))).toEqual({ items: [], page_size: 20, next_cursor: null })
  })

  test('not what is only an order to send a mail', async () => {
    const user = await signIn()
    const id = await addTask(user)
    await sql`
      insert into task_event_log (task_id, user_id, event_type, event_data)
      values (${id}, ${user.id}, 'notification.email', '{}')`
    expect((await history(user, id)).items).toEqual([])
  })

  test('cursors show every event once, in order, over the months of the log', async () => {
    const user = await signIn()
    const id = await addTask(user)
    await addEvents(user, id, 23)
    const { items } = await history(user, id, { page_size: '100' })
    expect(items.map(({ data }) => Math.floor((data['n'] as number) / 5))).toEqual(
      Array.from({ length: 23 }, (_, index) => Math.floor((23 - index) / 5)),
    )
    const walked: string[] = []
    let cursor: string | null = null
    do {
      const page = await history(user, id, { page_size: '4', ...(cursor && { cursor }) })
      expect(page.page_size).toBe(4)
      walked.push(...page.items.map((item) => item.id))
      cursor = page.next_cursor
    } while (cursor)
    expect(walked).toEqual(items.map((item) => item.id))
  })
})

describe('400', () => {
  test.each([
    ['page_size', '0'],
    ['page_size', '101'],
    ['page', '1'],
    ['cursor', 'nonsense'],
    [
      'cursor',
      Buffer.from('["history","2030-02-30T00:00:00Z","01890a5d-ac96-774b-bcce-b302099a8057"]').toString(
        'base64url',
      ),
    ],
  ])('%s=%s names the parameter', async (field, value) => {
    const user = await signIn()
    const reply = await request(user, await addTask(user), { [field]: value })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([`query.${field}`])
  })
})
