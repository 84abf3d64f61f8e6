/** Deliveries and ticks as the sidecar makes them. */
import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { events, type EventName } from '../contract/events.ts'
import type { CloudEvent } from '../dapr/event.ts'
import { sql } from '../data/sql.ts'
import type { Env } from '../http/env.ts'
import { appToken } from './database.ts'

/** Posts to a function as its sidecar would. */
export const callAs = async (
  app: Hono<Env>,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> =>
  app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json', 'dapr-api-token': appToken, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** Many events in one delivery, each the bytes of a record: a text is taken as it is. */
export const bulkOf = (events: unknown[]) => ({
  id: 'batch',
  entries: events.map((event, index) => ({
    entryId: String(index),
    event: Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)).toString('base64'),
    contentType: 'application/octet-stream',
  })),
})

const id = '01890a5d-ac96-774b-bcce-b302099a8057'

/** `TaskData` of nobody's task. */
export const taskData = {
  task_id: id,
  user_id: id,
  title: 'Pay rent',
  status: 'open',
  priority: 2,
  tags: [],
  due_date: null,
  due_at: null,
  recurring_task_id: null,
  occurrence: null,
  completed_at: null,
  version: 1,
  timestamp: '2026-01-01T00:00:00Z',
}

/** The event as the relay would publish it, from data that were never logged. */
export const eventOf = <Data>(
  name: EventName,
  data: Data,
  change: Partial<CloudEvent> = {},
): CloudEvent<Data> => ({
  id: randomUUID(),
  source: 'todo',
  type: events[name].type,
  time: new Date().toISOString(),
  ...change,
  data,
})

/** The events of this name in the log, as the relay would publish them; of one user, in the order they were written. */
export async function loggedEvents(
  name: EventName,
  userId: string,
): Promise<CloudEvent<Record<string, unknown>>[]> {
  const rows = await sql<
    { id: string; created_at: string; traceparent: string; event_data: Record<string, unknown> }[]
  >`
    select id, created_at, traceparent, event_data
    from task_event_log
    where event_type = ${name} and user_id = ${userId}
    order by id`
  return rows.map(({ id, created_at, traceparent, event_data }) =>
    eventOf(name, event_data, { id, time: created_at, traceparent }),
  )
}

/** Declares the tests of what every delivery route refuses: callers that are not the sidecar, and what is no event. */
export function refusedDeliveries(app: Hono<Env>, path: string, valid: CloudEvent): void {
  test.each([{}, { 'dapr-api-token': 'wrong' }])(
    '403 without the token of the sidecar: %j',
    async (headers) => {
      const reply = await app.request(path, { method: 'POST', headers, body: JSON.stringify(valid) })
      expect(reply.status).toBe(403)
    },
  )

  describe('poison is dropped', () => {
    test.each<[string, unknown]>([
      ['null', null],
      ['an array', [valid]],
      ['a number', 7],
      ['a text', '"text"'],
      ['no JSON', '{"id":'],
      ['an empty body', ''],
      ['another type', { ...valid, type: 'todo.other.v1' }],
      ['no id', { ...valid, id: undefined }],
      ['an id that is none', { ...valid, id: 'nonsense' }],
      ['no data', { ...valid, data: undefined }],
      ['data of null', { ...valid, data: null }],
    ])('%s', async (_, body) => {
      const reply = await callAs(app, path, body)
      expect([reply.status, await reply.json()]).toEqual([200, { status: 'DROP' }])
    })
  })
}
