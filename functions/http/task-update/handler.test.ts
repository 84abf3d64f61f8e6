import { describe, expect, test } from 'vitest'
import * as v from 'valibot'
import { TaskUpdatedData } from '../../../shared/contract/events.ts'
import { sql } from '../../../shared/data/sql.ts'
import { travel, travelTo, useDatabase } from '../../../shared/testing/database.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { addTask, eventsOf, hiddenTasks, notify, remindersOf } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
refusals(app, {
  method: 'PUT',
  path: '/api/tasks/01890a5d-ac96-774b-bcce-b302099a8057',
  body: { title: 'x' },
})
hiddenTasks(app, { method: 'PATCH', path: (id) => `/api/tasks/${id}`, body: { title: 'x' } })

const update = async (
  user: TestUser,
  id: string,
  body: unknown,
  headers: Record<string, string> = {},
  method = 'PATCH',
) =>
  app.request(`/api/tasks/${id}`, {
    method,
    headers: { ...user.headers, ...headers },
    body: JSON.stringify(body),
  })

const rowOf = (id: string) => sql`select * from tasks where id = ${id}`

describe('200', () => {
  test.each(['PUT', 'PATCH'])('%s changes what is given, and announces each change', async (method) => {
    const user = await signIn()
    const id = await addTask(user, { title: 'Old', description: 'Notes', tags: ['a'] })
    const reply = await update(
      user,
      id,
      { title: 'Updated Task', due_date: '2025-01-15T17:00:00Z' },
      {},
      method,
    )
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe('"2"')
    const task = await bodyOf(reply, Reply)
    expect(task).toMatchObject({
      id,
      title: 'Updated Task',
      description: 'Notes',
      priority: 2,
      tags: ['a'],
      due_date: '2025-01-15T17:00:00Z',
      due_at: '2025-01-15T17:00:00Z',
      version: 2,
    })
    expect(Date.parse(task.updated_at)).toBeGreaterThan(Date.parse(task.created_at))
    const [event, ...others] = await eventsOf(id)
    expect(others).toEqual([])
    expect(event).toMatchObject({ event_type: 'task.updated', queued: 'task-updated' })
    expect(v.parse(TaskUpdatedData, event!.event_data)).toMatchObject({
      task_id: id,
      title: 'Updated Task',
      version: 2,
      changes: { title: ['Old', 'Updated Task'], due_date: [null, '2025-01-15T17:00:00Z'] },
    })
  })

  test('null clears the description and the due date, with its reminder', async () => {
    const user = await signIn()
    const id = await addTask(user, { description: 'Notes', due_date: '2030-01-15T17:00:00Z' })
    const task = await bodyOf(await update(user, id, { description: null, due_date: null }), Reply)
    expect(task).toMatchObject({ description: null, due_date: null, due_at: null })
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T17:00:00Z', state: 'cancelled' }])
    expect((await eventsOf(id))[0]!.event_data['changes']).toEqual({
      description: ['Notes', null],
      due_date: ['2030-01-15T17:00:00Z', null],
    })
  })

  test.each([
    ['no field', {}],
    [
      'the values that it has',
      { title: 'Pay rent', description: null, priority: 2, tags: [], due_date: '2030-01-15' },
    ],
  ])('%s changes nothing: same version, no event, reminder untouched', async (_, body) => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15' })
    const [before] = await rowOf(id)
    const reply = await update(user, id, body)
    expect(reply.status).toBe(200)
    expect(await bodyOf(reply, Reply)).toMatchObject({ id, version: 1 })
    expect(await rowOf(id)).toEqual([before])
    expect(await eventsOf(id)).toEqual([])
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T09:00:00Z', state: 'planned' }])
  })
})

describe('a due date that moves', () => {
  test('cancels the planned reminder, plans the new one where the user is, and is to be notified of again', async () => {
    const user = await signIn({ time_zone: 'Europe/Berlin' })
    const id = await addTask(user, { due_date: '2030-01-15' })
    await notify(id)
    const task = await bodyOf(await update(user, id, { due_date: '2030-07-15' }), Reply)
    expect(task).toMatchObject({ due_at: '2030-07-15T22:00:00Z', notified: false })
    expect(await remindersOf(id)).toEqual([
      { remind_at: '2030-01-15T08:00:00Z', state: 'cancelled' },
      { remind_at: '2030-07-15T07:00:00Z', state: 'planned' },
    ])
  })

  test('leaves a reminder that has come as it was', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15T17:00:00Z' })
    await sql`update reminders set state = 'fired' where task_id = ${id}`
    await update(user, id, { due_date: '2030-01-16T17:00:00Z' })
    expect(await remindersOf(id)).toEqual([
      { remind_at: '2030-01-15T17:00:00Z', state: 'fired' },
      { remind_at: '2030-01-16T17:00:00Z', state: 'planned' },
    ])
  })

  test('stays put when only other fields change: reminder and notified too', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15' })
    await notify(id)
    expect(await bodyOf(await update(user, id, { priority: 1 }), Reply)).toMatchObject({
      due_date: '2030-01-15',
      due_at: '2030-01-16T00:00:00Z',
      notified: true,
    })
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T09:00:00Z', state: 'planned' }])
  })

  test('plans nothing for a task that is done', async () => {
    const user = await signIn()
    const id = await addTask(user)
    await sql`update tasks set status = 'done', completed_at = clock_now() where id = ${id}`
    const task = await bodyOf(await update(user, id, { due_date: '2030-01-15' }), Reply)
    expect(task).toMatchObject({ status: 'done', due_date: '2030-01-15' })
    expect(await remindersOf(id)).toEqual([])
  })
})

describe('412', () => {
  test.each(['"2"', '"0"', 'W/"1"', 'nonsense'])(
    'If-Match: %s is not the version: nothing is written',
    async (tag) => {
      const user = await signIn()
      const id = await addTask(user)
      const [before] = await rowOf(id)
      const reply = await update(user, id, { title: 'x' }, { 'if-match': tag })
      expect(reply.status).toBe(412)
      expect((await problemOf(reply)).code).toBe('version_mismatch')
      expect(await rowOf(id)).toEqual([before])
      expect(await eventsOf(id)).toEqual([])
    },
  )

  test('also when the change would change nothing', async () => {
    const user = await signIn()
    expect((await update(user, await addTask(user), {}, { 'if-match': '"2"' })).status).toBe(412)
  })

  test('of many changes to the version that all saw, exactly one wins', async () => {
    const user = await signIn()
    const id = await addTask(user)
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        update(user, id, { title: `Title ${index}` }, { 'if-match': '"1"' }),
      ),
    )
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array(7).fill(412),
    ])
    const won = await bodyOf(
      replies.find(({ status }) => status === 200)!,
      Reply,
    )
    expect(await rowOf(id)).toMatchObject([{ title: won.title, version: 2 }])
    expect(await eventsOf(id)).toHaveLength(1)
  })
})

test('changes at once without If-Match are all kept, one after another, and each event starts where the last ended', async () => {
  const user = await signIn()
  const id = await addTask(user, { title: 'Title' })
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) => update(user, id, { title: `Title ${index}` })),
  )
  expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200))
  const events = (await eventsOf(id)).map(({ event_data }) => v.parse(TaskUpdatedData, event_data))
  const inOrder = events.toSorted((a, b) => a.version - b.version)
  expect(inOrder.map(({ version }) => version)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  const befores = inOrder.map(({ changes }) => changes['title']![0])
  const afters = inOrder.map(({ changes }) => changes['title']![1])
  expect(befores).toEqual(['Title', ...afters.slice(0, -1)])
  expect(await rowOf(id)).toMatchObject([{ version: 9, title: afters.at(-1) }])
})

describe('400', () => {
  test.each<[string, object, string]>([
    ['a title of null', { title: null }, 'title'],
    ['an empty title', { title: ' ' }, 'title'],
    ['a priority out of range', { priority: 0 }, 'priority'],
    ['tags of null', { tags: null }, 'tags'],
    ['a day that does not exist', { due_date: '2030-02-30' }, 'due_date'],
    ['the status, which has its own functions', { status: 'done' }, 'status'],
    ['the instant of completion', { completed_at: '2030-01-01T00:00:00Z' }, 'completed_at'],
    ['the version', { version: 1 }, 'version'],
    ['the owner', { user_id: '01890a5d-ac96-774b-bcce-b302099a8057' }, 'user_id'],
    ['the series', { recurring_task_id: null }, 'recurring_task_id'],
    ['a field that is not known', { colour: 'red' }, 'colour'],
  ])('%s: names the field, writes nothing', async (_, body, field) => {
    const user = await signIn()
    const id = await addTask(user)
    const [before] = await rowOf(id)
    const reply = await update(user, id, { description: 'new', ...body })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).errors?.map((error) => error.field)).toEqual([field])
    expect(await rowOf(id)).toEqual([before])
    expect(await eventsOf(id)).toEqual([])
  })

  test('the status is refused with the way to set it', async () => {
    const user = await signIn()
    const { errors } = await problemOf(await update(user, await addTask(user), { status: 'done' }))
    expect(errors![0]!.message).toContain('/api/tasks/{task_id}/complete')
  })

  test('no body at all', async () => {
    const user = await signIn()
    const reply = await app.request(`/api/tasks/${await addTask(user)}`, {
      method: 'PATCH',
      headers: user.headers,
    })
    expect(reply.status).toBe(400)
    expect((await problemOf(reply)).code).toBe('malformed_body')
  })
})

describe('reminders', () => {
  test('are planned anew when they change, from the due date that stays', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2099-01-15T09:00:00Z' })
    const body = JSON.stringify({ reminders: ['P1D', 'PT1H'] })
    const reply = await app.request(`/api/tasks/${id}`, { method: 'PATCH', headers: user.headers, body })
    expect(await reply.json()).toMatchObject({ reminders: ['P1D', 'PT1H'], due_date: '2099-01-15T09:00:00Z' })
    expect((await remindersOf(id)).map(({ remind_at, state }) => [remind_at, state])).toEqual([
      ['2099-01-14T09:00:00Z', 'planned'],
      ['2099-01-15T08:00:00Z', 'planned'],
      ['2099-01-15T09:00:00Z', 'cancelled'],
    ])
  })

  test('one that has come does not come again when another is added after it', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2030-01-15' })
    await sql`update reminders set state = 'fired' where task_id = ${id}`
    await travelTo('2030-01-15T10:00:00Z')
    const body = JSON.stringify({ reminders: ['P1D', 'PT0S'] })
    await app.request(`/api/tasks/${id}`, { method: 'PATCH', headers: user.headers, body })
    await travel('0')
    expect(await remindersOf(id)).toEqual([{ remind_at: '2030-01-15T09:00:00Z', state: 'fired' }])
  })

  test('none are planned of an empty list', async () => {
    const user = await signIn()
    const id = await addTask(user, { due_date: '2099-01-15T09:00:00Z' })
    await app.request(`/api/tasks/${id}`, {
      method: 'PATCH',
      headers: user.headers,
      body: '{"reminders":[]}',
    })
    expect(await remindersOf(id)).toMatchObject([{ state: 'cancelled' }])
  })
})
