import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase, waitingForLock } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { problemOf } from '../../../shared/testing/reply.ts'
import {
  announced,
  complete,
  hiddenSeries,
  scan,
  seriesEventsOf,
  seriesNow,
  startSeries,
  tasksOfSeries,
} from '../../../shared/testing/series.ts'
import { eventsOf, remindersOf } from '../../../shared/testing/task.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'

useDatabase()
refusals(app, { method: 'DELETE', path: '/api/recurring-tasks/01890a5d-ac96-774b-bcce-b302099a8057' })
hiddenSeries(app, { method: 'DELETE' })

const remove = async (user: TestUser, id: string, headers: Record<string, string> = {}) =>
  app.request(`/api/recurring-tasks/${id}`, { method: 'DELETE', headers: { ...user.headers, ...headers } })
const removeAndKeep = async (user: TestUser, id: string) =>
  app.request(`/api/recurring-tasks/${id}?open=keep`, { method: 'DELETE', headers: user.headers })

describe('204', () => {
  test('the series is gone; the open task is cancelled with its reminder, what is done stays', async () => {
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, { start_date: '2030-01-15T09:00:00Z' })
    await complete(user, open_task_id!)
    const [done, open] = await tasksOfSeries(id)
    const reply = await remove(user, id, { 'if-match': '"1"' })
    expect(reply.status).toBe(204)
    expect(await reply.text()).toBe('')
    expect((await seriesNow(id)).deleted_at).not.toBeNull()
    expect(await tasksOfSeries(id)).toMatchObject([done!, { id: open!.id, status: 'cancelled' }])
    expect((await eventsOf(open!.id)).at(-1)).toMatchObject({ event_type: 'task.cancelled' })
    expect(await remindersOf(open!.id)).toMatchObject([{ state: 'cancelled' }])
  })

  test('the open task stays as it was, with its reminder, when that is asked for', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: '2030-01-15T09:00:00Z' })
    const tasks = await tasksOfSeries(id)
    expect((await removeAndKeep(user, id)).status).toBe(204)
    expect(await tasksOfSeries(id)).toEqual(tasks)
    expect(await remindersOf(tasks[0]!.id)).toMatchObject([{ state: 'planned' }])
    await complete(user, tasks[0]!.id)
    expect(await tasksOfSeries(id)).toMatchObject([{ status: 'done' }])
  })

  test('the event says that it has ended', async () => {
    const user = await signIn()
    const { id } = await startSeries(user)
    await remove(user, id)
    expect((await seriesEventsOf(id)).at(-1)).toMatchObject({
      event_type: 'recurring-task.deleted',
      event_data: { recurring_task_id: id, is_active: false, version: 2 },
      cause: { by: 'user' },
    })
  })

  test('nothing is announced any more', async () => {
    const user = await signIn()
    const { id } = await startSeries(user, { start_date: '2026-01-01T09:00:00Z' })
    await remove(user, id)
    await scan()
    expect(await announced(id)).toEqual([])
  })

  test('one of two at the same moment deletes it, and one event says so', async () => {
    const user = await signIn()
    const { id } = await startSeries(user)
    const replies = await sql.begin(async (tx) => {
      await tx`select from recurring_tasks where id = ${id} for update`
      const both = Promise.all([remove(user, id), remove(user, id)])
      await until(async () => (await waitingForLock()) === 2)
      return { both }
    })
    expect((await replies.both).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404])
    expect(await seriesEventsOf(id)).toHaveLength(2)
  })
})

describe('412', () => {
  test.each(['"2"', 'W/"1"', 'nonsense'])('If-Match: %s deletes nothing', async (tag) => {
    const user = await signIn()
    const { id } = await startSeries(user)
    const reply = await remove(user, id, { 'if-match': tag })
    expect(reply.status).toBe(412)
    expect((await problemOf(reply)).code).toBe('version_mismatch')
    expect((await seriesNow(id)).deleted_at).toBeNull()
    expect(await seriesEventsOf(id)).toHaveLength(1)
  })
})
