import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { operatorsOnly, signInOperator } from '../../../shared/testing/operator.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import { signIn } from '../../../shared/testing/user.ts'
import createTask from '../task-create/handler.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
const path = '/api/dead-letters/replay'
const unknown = { id: '01890a5d-ac96-774b-bcce-b302099a8057' }
refusals(app, { method: 'POST', path, body: unknown })
operatorsOnly(app, { method: 'POST', path, body: unknown })

beforeEach(async () => {
  await sql`delete from dead_letters`
  await sql`delete from outbox`
})

const post = async (body: unknown) =>
  app.request(path, { method: 'POST', headers: (await signInOperator()).headers, body: JSON.stringify(body) })
const replay = async (body: unknown) => bodyOf(await post(body), Reply)

/** A dead letter of an event that was published long ago; of one that the log does not have, without `logged`. */
async function deadLetter({ logged = true, created_at = '2026-01-15T09:00:00Z' } = {}) {
  const { headers } = await signIn()
  const reply = await createTask.request('/api/tasks', {
    method: 'POST',
    headers,
    body: JSON.stringify({ title: 'Tea' }),
  })
  const { id: taskId } = (await reply.json()) as { id: string }
  const [event] = await sql<[{ id: string }]>`select id from task_event_log where task_id = ${taskId}`
  await sql`delete from outbox`
  const [letter] = await sql<[{ id: string }]>`
    insert into dead_letters (event_id, fingerprint, topic, consumer, event, error, created_at)
    values (${logged ? event.id : null}, ${event.id}, 'task-created', 'task-statistics', '{}', 'x', ${created_at})
    returning id`
  return { id: letter.id, event_id: event.id }
}
const queued = async () =>
  (await sql<{ event_id: string }[]>`select event_id from outbox`).map(({ event_id }) => event_id)
const states = async () =>
  (await sql<{ state: string }[]>`select state from dead_letters order by created_at`).map(
    ({ state }) => state,
  )

describe('200', () => {
  test('one by its id: its event waits for the relay, and the letter says so', async () => {
    const { id, event_id } = await deadLetter()
    expect(await replay({ id })).toEqual({ replayed: 1, missing: 0 })
    expect(await queued()).toEqual([event_id])
    expect(await states()).toEqual(['replayed'])
  })

  test('one whose event the log does not have cannot be sent, and stays', async () => {
    const { id } = await deadLetter({ logged: false })
    expect(await replay({ id })).toEqual({ replayed: 0, missing: 1 })
    expect(await queued()).toEqual([])
    expect(await states()).toEqual(['stored'])
  })

  test('those of a range, its end not among them', async () => {
    const inside = await deadLetter({ created_at: '2026-01-15T09:00:00Z' })
    await deadLetter({ created_at: '2026-01-15T10:00:00Z' })
    expect(await replay({ from: '2026-01-15T09:00:00Z', to: '2026-01-15T10:00:00Z' })).toEqual({
      replayed: 1,
      missing: 0,
    })
    expect(await queued()).toEqual([inside.event_id])
    expect(await states()).toEqual(['replayed', 'stored'])
  })
})

test('404 an id that no dead letter has', async () => {
  const reply = await post(unknown)
  expect(reply.status).toBe(404)
  expect(await problemOf(reply)).toMatchObject({ code: 'not_found' })
})

test.each([
  {},
  { id: 'nonsense' },
  { from: '2026-01-15T09:00:00Z' },
  { ...unknown, from: '2026-01-15T09:00:00Z', to: '2026-01-16T09:00:00Z' },
  { from: 'yesterday', to: 'today' },
])('400 %j: nothing is sent', async (body) => {
  await deadLetter()
  const reply = await post(body)
  expect(reply.status).toBe(400)
  expect(await problemOf(reply)).toMatchObject({ code: 'invalid' })
  expect(await states()).toEqual(['stored'])
})
