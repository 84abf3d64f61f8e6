import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import {
  bulkOf,
  callAs,
  eventOf,
  loggedEvents,
  refusedDeliveries,
  taskData,
} from '../../../shared/testing/delivery.ts'
import { addTask } from '../../../shared/testing/task.ts'
import { signIn, type TestUser } from '../../../shared/testing/user.ts'
import completeTask from '../../http/task-complete/handler.ts'
import createTask from '../../http/task-create/handler.ts'
import reopenTask from '../../http/task-reopen/handler.ts'
import app from './handler.ts'

useDatabase()

const path = '/events/task-statistics'

let user: TestUser
beforeEach(async () => {
  user = await signIn()
})

const deliver = async (event: unknown) => {
  const reply = await callAs(app, path, event)
  expect([reply.status, await reply.json()]).toEqual([200, { status: 'SUCCESS' }])
}

const counted = async () => {
  const [row] = await sql`
    select created, updated, completed, completed_on_time, deleted
    from task_statistics
    where user_id = ${user.id}`
  return row && Object.values(row)
}

const data = (change: object = {}) => ({ ...taskData, user_id: user.id, ...change })

refusedDeliveries(app, path, eventOf('task.created', taskData))

describe('what is counted', () => {
  test('each kind of event in its own sum, of its own user', async () => {
    await deliver(eventOf('task.created', data()))
    await deliver(eventOf('task.created', data()))
    await deliver(eventOf('task.updated', data({ changes: {} })))
    await deliver(eventOf('task.deleted', data()))
    await deliver(eventOf('task.created', data({ user_id: (await signIn()).id })))
    expect(await counted()).toEqual([2, 1, 0, 0, 1])
  })

  test.each([
    ['in time', '2026-01-01T09:00:00Z', '2026-01-01T10:00:00Z', 1],
    ['late', '2026-01-01T11:00:00Z', '2026-01-01T10:00:00Z', 0],
    ['without a due date', '2026-01-01T11:00:00Z', null, 1],
  ])('a completion %s, and its reopening takes it off again', async (_, completed_at, due_at, onTime) => {
    await deliver(eventOf('task.completed', data({ status: 'done', completed_at, due_at })))
    expect(await counted()).toEqual([0, 0, 1, onTime, 0])
    await deliver(eventOf('task.reopened', data({ due_at, was_completed_at: completed_at })))
    expect(await counted()).toEqual([0, 0, 0, 0, 0])
  })

  test('a reopening that comes before its completion: the sum is the same in the end', async () => {
    const at = { due_at: null, completed_at: '2026-01-01T09:00:00Z' }
    await deliver(eventOf('task.reopened', data({ due_at: null, was_completed_at: at.completed_at })))
    await deliver(eventOf('task.completed', data({ status: 'done', ...at })))
    expect(await counted()).toEqual([0, 0, 0, 0, 0])
  })

  test('a due date that changes between completion and reopening leaves nothing behind', async () => {
    const task_id = await addTask(user, { due_date: '2026-01-01T10:00:00Z' })
    const completed = data({ task_id, completed_at: '2026-01-01T11:00:00Z', due_at: '2026-01-01T10:00:00Z' })
    await sql`
      insert into task_event_log (task_id, user_id, event_type, event_data, created_at)
      values (${task_id}, ${user.id}, 'task.completed', ${sql.json(completed)}, '2026-01-01T11:00:00Z')`
    await deliver(eventOf('task.completed', completed))
    expect(await counted()).toEqual([0, 0, 1, 0, 0])
    const later = { task_id, due_at: '2099-01-01T00:00:00Z', was_completed_at: '2026-01-01T11:00:00Z' }
    await deliver(eventOf('task.reopened', data(later)))
    expect(await counted()).toEqual([0, 0, 0, 0, 0])
  })

  test('an event of a user who is gone is done with', async () => {
    await deliver(eventOf('task.deleted', data({ user_id: taskData.user_id })))
    expect(await sql`select 1 from task_statistics where user_id = ${taskData.user_id}`).toEqual([])
  })

  test('what the functions really announce', async () => {
    const send = (target: typeof app, at: string, body: object) =>
      target.request(at, { method: 'POST', headers: user.headers, body: JSON.stringify(body) })
    const reply = await send(createTask, '/api/tasks', { title: 'x', due_date: '2099-01-01T00:00:00Z' })
    const { id } = (await reply.json()) as { id: string }
    await send(completeTask, `/api/tasks/${id}/complete`, {})
    await send(reopenTask, `/api/tasks/${id}/reopen`, {})
    for (const name of ['task.created', 'task.completed', 'task.reopened'] as const) {
      for (const event of await loggedEvents(name, user.id))
        await deliver({ ...event, type: `todo.${name}.v1` })
    }
    expect(await counted()).toEqual([1, 0, 0, 0, 0])
  })
})

describe('many in one delivery', () => {
  test('are counted each for its own user, one that is there twice once, and a reopening takes off its own completion', async () => {
    const other = await signIn()
    const twice = eventOf('task.created', data())
    const completed_at = '2026-01-01T11:00:00Z'
    const late = { completed_at, due_at: '2026-01-01T10:00:00Z' }
    const events = [
      twice,
      twice,
      eventOf('task.created', data({ user_id: other.id })),
      eventOf('task.completed', data({ status: 'done', ...late })),
      eventOf('task.completed', data({ status: 'done', ...late, due_at: null })),
      eventOf('task.reopened', data({ due_at: late.due_at, was_completed_at: completed_at })),
    ]
    const reply = await callAs(app, path, bulkOf(events))
    const statuses = events.map((_, index) => ({ entryId: String(index), status: 'SUCCESS' }))
    expect(await reply.json()).toEqual({ statuses })
    expect(await counted()).toEqual([1, 0, 1, 1, 0])
    await callAs(app, path, bulkOf(events))
    expect(await counted()).toEqual([1, 0, 1, 1, 0])
  })

  test('at the same time, with the same users in another order, do not wait for each other for ever', async () => {
    const users = [user, await signIn(), await signIn()]
    const batch = () => users.map(({ id }) => eventOf('task.created', data({ user_id: id })))
    const batches = Array.from({ length: 10 }, (_, index) => (index % 2 ? batch() : batch().toReversed()))
    await Promise.all(batches.map((events) => callAs(app, path, bulkOf(events))))
    expect(await counted()).toEqual([10, 0, 0, 0, 0])
  })
})

describe('once', () => {
  test('ten deliveries of one event at the same time count one', async () => {
    const event = eventOf('task.created', data())
    await Promise.all(Array.from({ length: 10 }, () => deliver(event)))
    expect(await counted()).toEqual([1, 0, 0, 0, 0])
  })

  test('ten different events at the same time count ten', async () => {
    await Promise.all(Array.from({ length: 10 }, () => deliver(eventOf('task.created', data()))))
    expect(await counted()).toEqual([10, 0, 0, 0, 0])
  })
})
