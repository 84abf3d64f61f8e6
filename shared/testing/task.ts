/** Tasks for tests, and what became of them. */
import type { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { sql } from '../data/sql.ts'
import { planDue } from '../data/due.ts'
import type { Env } from '../http/env.ts'
import { signIn, type TestUser } from './user.ts'

type Fields = {
  title?: string
  description?: string | null
  priority?: number
  tags?: string[]
  due_date?: string | null
}

/** Adds an open task with its planned reminder, without an event, and answers its id. */
export async function addTask(user: TestUser, fields: Fields = {}): Promise<string> {
  const { title = 'Pay rent', description = null, priority = 2, tags = [], due_date } = fields
  const due = await planDue(user.id, due_date)
  const [task] = await sql<[{ id: string }]>`
    insert into tasks (user_id, title, description, priority, tags, due_date, due_at)
    values (${user.id}, ${title}, ${description}, ${priority}, ${tags}, ${due.due_date}, ${due.due_at})
    returning id`
  for (const { remind_at } of due.planned) {
    await sql`
      insert into reminders (task_id, user_id, remind_at)
      values (${task.id}, ${user.id}, ${remind_at})`
  }
  return task.id
}

/** Tells the owner of a task of the due date that it has, as when a reminder has come. */
export const notify = (taskId: string) => sql`
  insert into notifications (user_id, task_id, reminder_id, title, due_date, due_at, remind_at)
  select user_id, id, uuid_v7(), title, due_date, due_at, clock_now()
  from tasks
  where id = ${taskId}`

/** The events of a task in the order they were written; each that has a topic must also be queued for the relay. */
export async function eventsOf(taskId: string) {
  const events = await sql<
    { event_type: string; topic: string; event_data: Record<string, unknown>; queued: string | null }[]
  >`
    select logged.event_type, logged.topic, logged.event_data, outbox.topic as queued
    from task_event_log as logged
    left join outbox on outbox.event_id = logged.id and outbox.partition_key = ${taskId}
    where logged.task_id = ${taskId}
    order by logged.id`
  for (const { topic, queued } of events) expect(queued).toBe(topic)
  return events
}

/** The reminders of a task by instant. */
export const remindersOf = (taskId: string) => sql<{ remind_at: string; state: string }[]>`
  select remind_at, state
  from reminders
  where task_id = ${taskId}
  order by remind_at, id`

type Call = {
  method: string
  path: (taskId: string) => string
  body?: unknown
  /** False where a deleted task is what it is about. */
  deletedIsMissing?: boolean
}

/**
 * Declares the tests that what is not the caller's is not there: a task of another user, a deleted one and one that never
 * was are answered with the same bytes, and left alone.
 */
export function hiddenTasks(app: Hono<Env>, { method, path, body, deletedIsMissing = true }: Call): void {
  const answer = async (user: TestUser, taskId: string) => {
    const reply = await app.request(path(taskId), {
      method,
      headers: { ...user.headers, 'x-request-id': 'same' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return [reply.status, await reply.text()]
  }
  const state = (taskId: string) => sql`
    select tasks.*, (select count(*) from task_event_log where task_id = tasks.id) as events
    from tasks
    where id = ${taskId}`

  describe('404', () => {
    const others: [string, (user: TestUser) => Promise<string>] = [
      "another user's task",
      async () => addTask(await signIn(), { due_date: '2099-01-15' }),
    ]
    const deleted: typeof others = [
      'a deleted task',
      async (user) => {
        const id = await addTask(user)
        await sql`update tasks set deleted_at = clock_now() where id = ${id}`
        return id
      },
    ]
    test.each(deletedIsMissing ? [others, deleted] : [others])(
      '%s is answered exactly like a missing one, and left alone',
      async (_, add) => {
        const user = await signIn()
        const taskId = await add(user)
        const before = await state(taskId)
        const missing = await answer(user, '01890a5d-ac96-774b-bcce-b302099a8057')
        expect(missing[0]).toBe(404)
        expect(missing[1]).toContain('"not_found"')
        expect(await answer(user, taskId)).toEqual(missing)
        expect(await state(taskId)).toEqual(before)
      },
    )

    test('an id that no task can have', async () => {
      expect((await answer(await signIn(), 'nonsense'))[0]).toBe(404)
    })
  })
}
