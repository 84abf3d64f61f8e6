import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { addTask, notify } from '../../../shared/testing/task.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import createTask from '../task-create/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/me/export' })

async function exported(user: TestUser) {
  const reply = await app.request('/api/me/export', { headers: user.headers })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-disposition')).toMatch(
    /^attachment; filename="todo-\d{4}-\d\d-\d\d\.json"$/,
  )
  return bodyOf(reply, Reply)
}

/** Connections with a statement or a transaction that has not ended. */
async function busy(): Promise<number> {
  const [row] = await sql<[{ count: number }]>`
    select count(*)
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()`
  return row.count
}

describe('200', () => {
  test('a new account is a whole document', async () => {
    const user = await signIn()
    expect(await exported(user)).toMatchObject({ profile: { id: user.id }, tasks: [], events: [] })
  })

  test('tasks with their history, and nothing of anybody else', async () => {
    const user = await signIn()
    const body = JSON.stringify({ title: 'Quote " and \u2028 and €', tags: ['a'] })
    await createTask.request('/api/tasks', { method: 'POST', headers: user.headers, body })
    await addTask(await signIn(), { title: 'Theirs' })
    const { tasks, events } = await exported(user)
    expect(tasks).toMatchObject([{ title: 'Quote " and \u2028 and €', tags: ['a'] }])
    expect(events).toMatchObject([{ event_type: 'task.created', task_id: tasks[0]!['id'] }])
  })

  test('tasks that their owner was told of say so', async () => {
    const user = await signIn()
    const told = await addTask(user, { due_date: '2030-01-15' })
    await addTask(user, { due_date: '2030-01-15' })
    await notify(told)
    expect((await exported(user)).tasks.map(({ id, notified }) => [id === told, notified])).toEqual([
      [true, true],
      [false, false],
    ])
  })

  test('every row of more than one batch, once', async () => {
    const user = await signIn()
    await sql`insert into tasks (user_id, title) select ${user.id}, n::text from generate_series(1, 1201) as n`
    const titles = (await exported(user)).tasks.map(({ title }) => title)
    expect(new Set(titles).size).toBe(1201)
    expect(titles).toHaveLength(1201)
  })

  test('the deliveries of each task', async () => {
    const user = await signIn()
    const tasks = [await addTask(user), await addTask(user), await addTask(user)]
    const told = [tasks[0]!, tasks[0]!, tasks[2]!]
    for (const task of told) {
      await sql`
        insert into deliveries (user_id, task_id, reminder_id, channel)
        values (${user.id}, ${task}, gen_random_uuid(), 'email')`
    }
    expect((await exported(user)).deliveries.map(({ task_id }) => task_id)).toEqual(told)
  })

  test('a reader that takes its time keeps nothing busy in the database', async () => {
    const user = await signIn()
    await sql`insert into tasks (user_id, title) select ${user.id}, n::text from generate_series(1, 1201) as n`
    const reply = await app.request('/api/me/export', { headers: user.headers })
    const reader = reply.body!.getReader()
    await reader.read()
    await expect(until(async () => (await busy()) === 0)).resolves.toBeUndefined()
    await reader.cancel()
  })
})
