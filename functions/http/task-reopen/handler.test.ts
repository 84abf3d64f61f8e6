import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask, eventsOf, hiddenTasks, remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, { method: 'POST', path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057/reopen' })
hiddenTasks(app, { method: 'POST', path: (id) => `/api/tasks/${id}/reopen` })

const reopen = async (user: TestUser, id: string, headers: Record<string, string> = {}) =>
  app.request(`/api/tasks/${id}/reopen`, { method: 'POST', headers: { ...user.headers, ...headers } })

/** A task that was completed before its reminder came. */
async function addDone(
  user: TestUser,
  due_date: string | null,
  reminder: 'cancelled' | 'fired' = 'cancelled',
) {
  const id = await addTask(user, { due_date })
  await sql`update tasks set status = 'done', completed_at = clock_now(), version = 2 where id = ${id}`
  await sql`update reminders set state = ${reminder} where task_id = ${id}`
  return id
}

const rowOf = (id: string) => sql`select * from tasks where id = ${id}`

describe('200', () => {
  test('the task is open again, its reminder planned, the change announced', async () => {
    const user = await signIn()
    const id = await addDone(user, '2030-01-15T17:00:00Z')
    const reply = await reopen(user, id)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"3"')
    expect(await bodyOf(reply, Reply)).toMatchObject({ id, status: 'open', completed_at: null, version: 3 })
    expect(await remindersOf(id)).toEqual([
      { remind_at: '2030-01-15T17:00:00Z', state: 'cancelled' },
      { remind_at: '2030-01-15T17:00:00Z', state: 'planned' },
    ])
    expect(await eventsOf(id)).toMatchObject([
      {
        event_type: 'task.reopened',
        queued: 'task-updated',
        event_data: { status: 'open', completed_at: null, version: 3 },
      },
    ])
  })

  test('without a due date nothing is planned', async () => {
    const user = await signIn()
    const id = await addDone(user, null)
    expect(await bodyOf(await reopen(user, id), Reply)).toMatchObject({ status: 'open', due_at: null })
    expect(await remindersOf(id)).toEqual([])
  })

  test('a task that was due meanwhile is not announced again', async () => {
    const user = await signIn()
    const id = await addDone(user, '2020-01-15')
    await reopen(user, id)
    expect(await remindersOf(id)).toEqual([{ remind_at: '2020-01-15T09:00:00Z', state: 'cancelled' }])
  })

  test('at noon of its day a reminder that has come does not come again, one that was cancelled does', async () => {
    const user = await signIn()
    const [come, cancelled] = [await addDone(user, '2030-01-15', 'fired'), await addDone(user, '2030-01-15')]
    await travelTo('2030-01-15T12:00:00Z')
    await reopen(user, come)
    await reopen(user, cancelled)
    await travel('0')
    expect((await remindersOf(come)).map(({ state }) => state)).toEqual(['fired'])
    expect((await remindersOf(cancelled)).map(({ state }) => state).toSorted()).toEqual([
      'cancelled',
      'planned',
    ])
  })

  test('nor do those before it that were passed over', async () => {
    const user = await signIn()
    const id = await addDone(user, '2030-01-15', 'fired')
    await sql`update tasks set reminders = '{P1D,PT0S}' where id = ${id}`
    await travelTo('2030-01-15T12:00:00Z')
    await reopen(user, id)
    await travel('0')
    expect((await remindersOf(id)).map(({ state }) => state)).toEqual(['fired'])
  })

  test('the due date is read in the zone that the user has now', async () => {
    const user = await signIn()
    const id = await addDone(user, '2030-01-15')
    await sql`update preferences set time_zone = 'Europe/Berlin' where user_id = ${user.id}`
    expect(await bodyOf(await reopen(user, id), Reply)).toMatchObject({ due_at: '2030-01-15T23:00:00Z' })
    expect((await remindersOf(id))[0]).toEqual({ remind_at: '2030-01-15T08:00:00Z', state: 'planned' })
  })

  test('an open task stays as it is, reminder and all', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15' })
    const [before] = await rowOf(id)
    const reply = await reopen(user, id)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"1"')
    expect(await rowOf(id)).toEqual([before])
    expect(await eventsOf(id)).toEqual([])
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T09:00:00Z', state: 'planned' }])
  })

  test('ten at once are one, with one event and one reminder', async () => {
    const user = await signIn()
    const id = await addDone(user, '2030-01-15')
    const replies = await Promise.all(Array.from({ length: 10 }, async () => reopen(user, id)))
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(await rowOf(id)).toMatchObject([{ status: 'open', version: 3 }])
    expect(await eventsOf(id)).toHaveLength(1)
    expect((await remindersOf(id)).map(({ state }) => state).toSorted()).toEqual(['cancelled', 'planned'])
  })
})

describe('412', () => {
  test('If-Match of another version: the task stays done', async () => {
    const user = await signIn()
    const id = await addDone(user, '2030-01-15')
    const reply = await reopen(user, id, { 'if-match': '"1"' })
    expect(reply.status).toBe(412)
    expect((await problemOf(reply)).code).toBe('version_mismatch')
    expect(await rowOf(id)).toMatchObject([{ status: 'done', version: 2 }])
    expect(await eventsOf(id)).toEqual([])
    expect((await remindersOf(id)).map(({ state }) => state)).toEqual(['cancelled'])
    expect((await reopen(user, id, { 'if-match': '"2"' })).status).toBe(200)
  })
})
