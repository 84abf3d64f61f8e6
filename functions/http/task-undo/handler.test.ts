import { afterEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { complete, seriesNow, startSeries, tasksOfSeries } from '../../../shared/testing/series.ts'
import { eventsOf, hiddenTasks, remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import meUpdate from '../me-update/handler.ts'
import occurrenceSkip from '../occurrence-skip/handler.ts'
import taskCreate from '../task-create/handler.ts'
import taskDelete from '../task-delete/handler.ts'
import taskHistory from '../task-history/handler.ts'
import taskReopen from '../task-reopen/handler.ts'
import taskUpdate from '../task-update/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
afterEach(() => travel('0'))
refusals(app, { method: 'POST', path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057/undo', body: {} })
hiddenTasks(app, { method: 'POST', path: (id) => `/api/tasks/${id}/undo`, body: {}, deletedIsMissing: false })

const post = (user: TestUser, id: string, body: object = {}) =>
  app.request(`/api/tasks/${id}/undo`, { method: 'POST', headers: user.headers, body: JSON.stringify(body) })
const undo = async (user: TestUser, id: string, body: object = {}) => {
  const reply = await post(user, id, body)
  expect(reply.status).toBe(200)
  return bodyOf(reply, Reply)
}
const create = async (user: TestUser, fields: object = {}) => {
  const body = JSON.stringify({ title: 'Old', due_date: '2030-01-15T09:00:00Z', ...fields })
  const reply = await taskCreate.request('/api/tasks', { method: 'POST', headers: user.headers, body })
  return (await reply.json()) as { id: string }
}
const update = (user: TestUser, id: string, body: object) =>
  taskUpdate.request(`/api/tasks/${id}`, {
    method: 'PATCH',
    headers: user.headers,
    body: JSON.stringify(body),
  })
const reopen = (user: TestUser, id: string) =>
  taskReopen.request(`/api/tasks/${id}/reopen`, { method: 'POST', headers: user.headers })
const remove = (user: TestUser, id: string) =>
  taskDelete.request(`/api/tasks/${id}`, { method: 'DELETE', headers: user.headers })

describe('200', () => {
  test('a change is taken back, field by field, with its reminders, and the history says so', async () => {
    const user = await signIn()
    const { id } = await create(user, { description: 'x' })
    await update(user, id, { title: 'New', description: null, due_date: '2030-02-15T09:00:00Z' })
    expect(await undo(user, id)).toMatchObject({
      title: 'Old',
      description: 'x',
      due_date: '2030-01-15T09:00:00Z',
    })
    expect((await remindersOf(id)).filter(({ state }) => state === 'planned')).toMatchObject([
      { remind_at: '2030-01-15T09:00:00Z' },
    ])
    const history = await taskHistory.request(`/api/tasks/${id}/history`, { headers: user.headers })
    const { items } = (await history.json()) as { items: { id: string; cause: { undoes?: string } }[] }
    expect(items[0]!.cause.undoes).toBe(items[1]!.id)
  })

  test('a completion, and then the change before it: each undo goes one command further back', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await update(user, id, { title: 'New' })
    await complete(user, id)
    expect(await undo(user, id)).toMatchObject({ status: 'open', title: 'New' })
    expect(await undo(user, id)).toMatchObject({ status: 'open', title: 'Old' })
  })

  test('the last change, over a change of zone since, which moved the task and is none of its own', async () => {
    const user = await signIn()
    const { id } = await create(user, { due_date: '2030-01-15' })
    await update(user, id, { title: 'New' })
    const body = JSON.stringify({ time_zone: 'Asia/Tokyo' })
    await meUpdate.request('/api/me', { method: 'PATCH', headers: user.headers, body })
    expect((await eventsOf(id)).at(-1)).toMatchObject({ event_type: 'task.moved' })
    expect(await undo(user, id)).toMatchObject({ title: 'Old' })
  })

  test('a reopening: done again, when it was', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await complete(user, id, '2025-01-01T00:00:00Z')
    await reopen(user, id)
    expect(await undo(user, id)).toMatchObject({ status: 'done', completed_at: '2025-01-01T00:00:00Z' })
  })

  test('a deletion: the task is there again, with the reminder that is still to come', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await remove(user, id)
    expect(await undo(user, id)).toMatchObject({ id, status: 'open' })
    expect((await remindersOf(id)).map(({ state }) => state).toSorted()).toEqual(['cancelled', 'planned'])
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      event_type: 'task.restored',
      event_data: { was: 'deleted' },
    })
  })

  test('a deletion, by ten at once: one of them', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await remove(user, id)
    const [entry] = await sql<{ id: string }[]>`
      select id from task_event_log where task_id = ${id} and event_type = 'task.deleted'`
    const replies = await Promise.all(
      Array.from({ length: 10 }, async () => post(user, id, { event_id: entry!.id })),
    )
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array(9).fill(409),
    ])
    expect((await remindersOf(id)).filter(({ state }) => state === 'planned')).toHaveLength(1)
    expect((await eventsOf(id)).filter(({ event_type }) => event_type === 'task.restored')).toHaveLength(1)
  })

  test('a named entry, when nothing has touched its fields since', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await update(user, id, { title: 'New' })
    await update(user, id, { priority: 1 })
    const [entry] = await sql<{ id: string }[]>`
      select id
      from task_event_log
      where task_id = ${id} and event_type = 'task.updated'
      order by id
      limit 1`
    expect(await undo(user, id, { event_id: entry!.id })).toMatchObject({ title: 'Old', priority: 1 })
  })
})

describe('of a series', () => {
  test.each(['done', 'skipped'])('what was %s is open again, and the next is retracted', async (state) => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { id, open_task_id } = await startSeries(user, {
      recurrence_type: 'daily',
      start_date: '2030-01-01T09:00:00Z',
    })
    if (state === 'done') await complete(user, open_task_id!)
    else
      await occurrenceSkip.request(`/api/recurring-tasks/${id}/occurrences/2030-01-01T09:00:00/skip`, {
        method: 'POST',
        headers: user.headers,
      })
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual([state, 'open'])
    expect(await undo(user, open_task_id!)).toMatchObject({ status: 'open' })
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual(['open', 'cancelled'])
    expect(await seriesNow(id)).toMatchObject({ next_occurrence: '2030-01-02T09:00:00', is_active: true })
    expect(await complete(user, open_task_id!)).toMatchObject({ next: { occurrence: '2030-01-02T09:00:00' } })
    expect((await tasksOfSeries(id)).map(({ status }) => status)).toEqual(['done', 'open'])
  })
})

test('204: a creation is taken back: the task is gone', async () => {
  const user = await signIn()
  const { id } = await create(user)
  expect((await post(user, id)).status).toBe(204)
  expect((await eventsOf(id)).at(-1)).toMatchObject({ event_type: 'task.deleted' })
})

describe('409', () => {
  test('what was changed again since is named, and nothing is written', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await update(user, id, { title: 'New', priority: 1 })
    await update(user, id, { title: 'Newer' })
    const [entry] = await sql<{ id: string }[]>`
      select id from task_event_log where task_id = ${id} and event_type = 'task.updated' order by id limit 1`
    const reply = await post(user, id, { event_id: entry!.id })
    expect(reply.status).toBe(409)
    expect((await problemOf(reply)).errors).toMatchObject([{ field: 'title' }])
    const [task] = await sql`select title, priority from tasks where id = ${id}`
    expect(task).toEqual({ title: 'Newer', priority: 1 })
  })

  test('the making of the next occurrence, which is part of the completion before it', async () => {
    await travelTo('2030-01-01T08:00:00Z')
    const user = await signIn()
    const { open_task_id } = await startSeries(user, { start_date: '2030-01-01T09:00:00Z' })
    const { next } = await complete(user, open_task_id!)
    expect((await post(user, next!.task_id)).status).toBe(409)
  })

  test('a command of more than thirty days ago', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await travel('31 days')
    expect((await post(user, id)).status).toBe(409)
  })

  test('the same command twice', async () => {
    const user = await signIn()
    const { id } = await create(user)
    await update(user, id, { title: 'New' })
    const [entry] = await sql<{ id: string }[]>`
      select id from task_event_log where task_id = ${id} and event_type = 'task.updated'`
    await undo(user, id, { event_id: entry!.id })
    expect((await post(user, id, { event_id: entry!.id })).status).toBe(409)
  })
})
