import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import createTask from '../task-create/handler.ts'
import deleteTask from '../task-delete/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/events' })

const request = async (user: TestUser, parameters: Record<string, string> = {}, headers = {}) =>
  app.request(`/api/events?${new URLSearchParams(parameters)}`, { headers: { ...user.headers, ...headers } })

async function create(user: TestUser, title: string): Promise<string> {
  const reply = await createTask.request('/api/tasks', {
    method: 'POST',
    headers: user.headers,
    body: JSON.stringify({ title }),
  })
  return ((await reply.json()) as { id: string }).id
}

describe('200', () => {
  test('what happened to any task, a deleted one too, the latest first', async () => {
    const user = await signIn()
    const [first, second] = [await create(user, 'First'), await create(user, 'Second')]
    await deleteTask.request(`/api/tasks/${first}`, { method: 'DELETE', headers: user.headers })
    const { items } = await bodyOf(await request(user), Reply)
    expect(items.map(({ type, task_id, data }) => [type, task_id, data['version']])).toEqual([
      ['task.deleted', first, 2],
      ['task.created', second, 1],
      ['task.created', first, 1],
    ])
  })

  test('nothing of anybody else', async () => {
    await create(await signIn(), 'Theirs')
    expect((await bodyOf(await request(await signIn()), Reply)).items).toEqual([])
  })

  test('pages by cursor neither repeat nor skip events of one instant', async () => {
    const user = await signIn()
    const id = await addTask(user)
    await sql`
      insert into task_event_log (id, task_id, user_id, event_type, event_data, created_at)
      select gen_random_uuid(), ${id}, ${user.id}, 'task.updated', jsonb_build_object('n', n), clock_now()
      from generate_series(1, 25) as n`
    const seen: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await bodyOf(await request(user, { page_size: '10', ...(cursor && { cursor }) }), Reply)
      seen.push(...page.items.map(({ data }) => data['n']))
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 25 }, (_, n) => n + 1),
    )
  })
})

describe('304', () => {
  test('until something happens', async () => {
    const user = await signIn()
    await create(user, 'First')
    const etag = (await request(user)).headers.get('etag')!
    const again = await request(user, {}, { 'if-none-match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    await create(user, 'Second')
    expect((await request(user, {}, { 'if-none-match': etag })).status).toBe(200)
  })

  test('not when an event comes late, below one that is known', async () => {
    const user = await signIn()
    const id = await create(user, 'First')
    const etag = (await request(user)).headers.get('etag')!
    await sql`
      insert into task_event_log (task_id, user_id, event_type, event_data, created_at)
      values (${id}, ${user.id}, 'task.updated', '{}', clock_now() - interval '1 second')`
    expect((await request(user, {}, { 'if-none-match': etag })).status).toBe(200)
  })
})

describe('400', () => {
  test('a cursor of another list', async () => {
    const reply = await request(await signIn(), { cursor: 'nonsense' })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map(({ field }) => field)).toEqual(['query.cursor'])
  })
})
