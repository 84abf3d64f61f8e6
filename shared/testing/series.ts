/** Recurring tasks for tests, and what became of them. */
import type { Hono } from 'hono'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import occurrenceCreate from '../../functions/events/occurrence-create/handler.ts'
import recurringTaskCreate from '../../functions/http/recurring-task-create/handler.ts'
import taskComplete from '../../functions/http/task-complete/handler.ts'
import { announceOccurrences } from '../../functions/schedules/recurrence-scan/announce.ts'
import { RecurringTaskData, RecurringTaskUpdatedData } from '../contract/events.ts'
import { RecurringTask } from '../contract/recurring-task.ts'
import { CompleteReply, type Task } from '../contract/task.ts'
import { sql } from '../data/sql.ts'
import type { Env } from '../http/env.ts'
import { inContext } from './context.ts'
import { appToken } from './database.ts'
import { bodyOf } from './reply.ts'
import { signIn, type TestUser } from './user.ts'

/** Sends a body to `POST /api/recurring-tasks`. */
export const postSeries = (user: TestUser, body: object, headers: Record<string, string> = {}) =>
  recurringTaskCreate.request('/api/recurring-tasks', {
    method: 'POST',
    headers: { ...user.headers, ...headers },
    body: JSON.stringify(body),
  })

/** Starts a series, weekly unless said otherwise, and answers it. */
export async function startSeries(user: TestUser, fields: object = {}): Promise<RecurringTask> {
  const rule = 'recurrence_rule' in fields ? {} : { recurrence_type: 'weekly' }
  const reply = await postSeries(user, { title: 'Weekly review', ...rule, ...fields })
  expect(reply.status).toBe(201)
  return bodyOf(reply, RecurringTask)
}

/** A series as it is now. */
export async function seriesNow(id: string) {
  const [series] = await sql<
    (RecurringTask & {
      settled_through: string
      next_occurrence: string | null
      next_created_at: string | null
      deleted_at: string | null
    })[]
  >`
    select *
    from recurring_tasks
    where id = ${id}`
  return series!
}

/** Completes a task; answers it with the next one. */
export async function complete(user: TestUser, taskId: string, completed_at?: string) {
  const reply = await taskComplete.request(`/api/tasks/${taskId}/complete`, {
    method: 'POST',
    headers: user.headers,
    ...(completed_at !== undefined && { body: JSON.stringify({ completed_at }) }),
  })
  expect(reply.status).toBe(200)
  return bodyOf(reply, CompleteReply)
}

export type TaskOfSeries = Task & { occurrence: string; deleted_at: string | null }

/** The tasks of a series in the order of their occurrences. */
export const tasksOfSeries = (id: string) => sql<TaskOfSeries[]>`
  select *
  from tasks
  where recurring_task_id = ${id}
  order by occurrence, id`

const SeriesData = v.union([RecurringTaskUpdatedData, RecurringTaskData])

/** The events about a series itself, in the order they were written; each must be what the contract says. */
export async function seriesEventsOf(id: string) {
  const events = await sql<{ event_type: string; event_data: unknown; cause: Record<string, unknown> }[]>`
    select event_type, event_data, cause
    from task_event_log
    where recurring_task_id = ${id} and task_id is null
    order by id`
  return events.map((event) => ({ ...event, event_data: v.parse(SeriesData, event.event_data) }))
}

/** One round of the recurrence scan; answers how many milliseconds it would sleep. */
export const scan = (): Promise<number> => inContext(announceOccurrences)

export type DueEvent = { id: string; type: string; source: string; time: string; data: unknown }

/** What was announced of a series and waits for the relay, as the broker would get it. */
export async function announced(id: string): Promise<DueEvent[]> {
  const events = await sql<{ id: string; created_at: string; event_data: object }[]>`
    select logged.id, logged.created_at, logged.event_data
    from outbox
    join task_event_log as logged on logged.id = outbox.event_id
    where outbox.topic = 'recurring-task-due' and outbox.partition_key = ${id}
    order by outbox.position`
  return events.map(({ id, created_at, event_data }) => ({
    id,
    type: 'todo.recurring-task.due.v1',
    source: 'todo',
    time: created_at,
    data: event_data,
  }))
}

/** Delivers an event to `occurrence-create`. */
export const deliver = (event: unknown, token = appToken) =>
  occurrenceCreate.request('/events/occurrence-create', {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', 'dapr-api-token': token },
    body: JSON.stringify(event),
  })

/** Scan, relay and delivery in one: makes the tasks that are due now. */
export async function makeDue(id: string): Promise<void> {
  await scan()
  for (const event of await announced(id)) expect((await deliver(event)).status).toBe(200)
}

type Call = { method: string; path?: string; body?: unknown }

/** Declares the tests that a series of somebody else, and a deleted one, is answered like one that never was. */
export function hiddenSeries(app: Hono<Env>, { method, path = '', body }: Call): void {
  const answer = async (user: TestUser, id: string) => {
    const reply = await app.request(`/api/recurring-tasks/${id}${path}`, {
      method,
      headers: { ...user.headers, 'x-request-id': 'same' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return [reply.status, await reply.text()]
  }

  describe('404', () => {
    test.each([
      ["another user's series", async () => (await startSeries(await signIn())).id],
      [
        'a deleted series',
        async (user: TestUser) => {
          const { id } = await startSeries(user)
          await sql`update recurring_tasks set deleted_at = clock_now(), is_active = false where id = ${id}`
          return id
        },
      ],
    ])('%s is answered exactly like a missing one, and left alone', async (_, add) => {
      const user = await signIn()
      const id = await add(user)
      const before = [await seriesNow(id), await seriesEventsOf(id)]
      const missing = await answer(user, '01890a5d-ac96-774b-bcce-b302099a8057')
      expect(missing[0]).toBe(404)
      expect(missing[1]).toContain('"not_found"')
      expect(await answer(user, id)).toEqual(missing)
      expect([await seriesNow(id), await seriesEventsOf(id)]).toEqual(before)
    })

    test('an id that no series can have', async () => {
      expect((await answer(await signIn(), 'nonsense'))[0]).toBe(404)
    })
  })
}

/** Declares the tests that an occurrence of somebody else's series is answered like one that never was. */
export function hiddenOccurrences(
  app: Hono<Env>,
  { method, verb = '', body }: Call & { verb?: string },
): void {
  test("404: another user's occurrence is answered exactly like a missing one, and left alone", async () => {
    const user = await signIn()
    const { id, start_date } = await startSeries(await signIn(), { start_date: '2030-01-01' })
    const answer = async (seriesId: string) => {
      const reply = await app.request(`/api/recurring-tasks/${seriesId}/occurrences/${start_date}${verb}`, {
        method,
        headers: { ...user.headers, 'x-request-id': 'same' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return [reply.status, await reply.text()]
    }
    const before = [await seriesNow(id), await tasksOfSeries(id)]
    const missing = await answer('01890a5d-ac96-774b-bcce-b302099a8057')
    expect(missing[0]).toBe(404)
    expect(await answer(id)).toEqual(missing)
    expect([await seriesNow(id), await tasksOfSeries(id)]).toEqual(before)
  })
}
