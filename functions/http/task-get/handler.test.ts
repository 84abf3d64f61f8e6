import { describe, expect, test } from 'vitest'
import { useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf } from '../../../shared/testing/reply.ts'
import { addTask, hiddenTasks, notify } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'GET', path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057' })
hiddenTasks(app, { method: 'GET', path: (id) => `/api/tasks/${id}` })

const get = (user: TestUser, id: string, headers: Record<string, string> = {}) =>
  app.request(`/api/tasks/${id}`, { headers: { ...user.headers, ...headers } })

describe('200', () => {
  test('the task, with its version as ETag', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const id = await addTask(user, { title: 'Tax', tags: ['home'], due_date: '2030-01-15' })
    const reply = await get(user, id)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"1"')
    expect(await bodyOf(reply, Reply)).toMatchObject({
      id,
      user_id: user.id,
      title: 'Tax',
      description: null,
      priority: 2,
      tags: ['home'],
      due_date: '2030-01-15',
      due_at: '2030-01-15T23:00:00Z',
    })
  })

  test('also with an If-None-Match of its version: what does not count as a change may have changed', async () => {
    const user = await signIn()
    const id = await addTask(user)
    await notify(id)
    const reply = await get(user, id, { 'if-none-match': '"1"' })
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"1"'])
    expect(await reply.json()).toMatchObject({ notified: true })
  })
})
