import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { problemOf } from '../../../shared/testing/reply.ts'
import { addTask, eventsOf, hiddenTasks, remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'

useDatabase()
refusals(app, { method: 'DELETE', path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057' })
hiddenTasks(app, { method: 'DELETE', path: (id) => `/api/tasks/${id}` })

const remove = async (user: TestUser, id: string, headers: Record<string, string> = {}) =>
  app.request(`/api/tasks/${id}`, { method: 'DELETE', headers: { ...user.headers, ...headers } })

const isDeleted = async (id: string) => {
  const [row] = await sql<[{ deleted: boolean }]>`
    select deleted_at is not null as deleted from tasks where id = ${id}`
  return row.deleted
}

describe('204', () => {
  test('the task is hidden, its reminder cancelled, the deletion announced', async () => {
    const user = await signIn()
    const id = await addTask(user, { title: 'x', due_date: '2030-01-15' })
    const reply = await remove(user, id)
    expect(reply.status).toBe(204)
    expect(await reply.text()).toBe('')
    expect(await isDeleted(id)).toBe(true)
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T09:00:00Z', state: 'cancelled' }])
    expect(await eventsOf(id)).toMatchObject([
      {
        event_type: 'task.deleted',
        queued: 'task-deleted',
        event_data: { task_id: id, title: 'x', version: 2 },
      },
    ])
  })

  test('of ten deletions at once one finds the task, and there is one event', async () => {
    const user = await signIn()
    const id = await addTask(user)
    const replies = await Promise.all(Array.from({ length: 10 }, async () => remove(user, id)))
    const statuses = replies.map(({ status }) => status)
    expect(statuses.toSorted((a, b) => a - b)).toEqual([204, ...Array(9).fill(404)])
    expect(await eventsOf(id)).toHaveLength(1)
  })
})

describe('412', () => {
  test('If-Match of another version: the task stays', async () => {
    const user = await signIn()
    const id = await addTask(user)
    const reply = await remove(user, id, { 'if-match': '"2"' })
    expect(reply.status).toBe(412)
    expect((await problemOf(reply)).code).toBe('version_mismatch')
    expect(await isDeleted(id)).toBe(false)
    expect(await eventsOf(id)).toEqual([])
    expect((await remove(user, id, { 'if-match': '"1"' })).status).toBe(204)
  })
})
