import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { useDatabase } from '../../../shared/testing/database.ts'
import { operatorsOnly, signInOperator } from '../../../shared/testing/operator.ts'
import { refusals } from '../../../shared/testing/refusals.ts'
import { bodyOf, problemOf } from '../../../shared/testing/reply.ts'
import app from './handler.ts'
import { Reply } from './schema.ts'

useDatabase()
const call = { method: 'GET', path: '/api/dead-letters' }
refusals(app, { method: 'GET', path: '/api/dead-letters' })
operatorsOnly(app, call)

beforeEach(async () => {
  await sql`delete from dead_letters`
})

const get = async (query = '') =>
  app.request(`${call.path}${query}`, { headers: (await signInOperator()).headers })
const list = async (query = '') => bodyOf(await get(query), Reply)

const add = async (error: string, state = 'stored') => {
  const id = randomUUID()
  await sql`
    insert into dead_letters (event_id, fingerprint, topic, consumer, event, error, attempts, state)
    values (${id}, ${id}, 'task-created', 'task-statistics', '{"secret":"body"}', ${error}, 25, ${state})`
}

describe('200', () => {
  test('none', async () => {
    expect(await list()).toEqual({ items: [], page_size: 20, next_cursor: null })
  })

  test('what could not be handled and why, without the event', async () => {
    await add('the database is away')
    const reply = await get()
    const text = await reply.clone().text()
    expect((await bodyOf(reply, Reply)).items).toMatchObject([
      {
        topic: 'task-created',
        consumer: 'task-statistics',
        error: 'the database is away',
        attempts: 25,
        state: 'stored',
      },
    ])
    expect(text).not.toContain('secret')
  })

  test('the newest first, page by page, none twice and none left out', async () => {
    for (const error of ['1', '2', '3', '4', '5']) await add(error)
    const first = await list('?page_size=3')
    const second = await list(`?page_size=3&cursor=${first.next_cursor}`)
    expect([...first.items, ...second.items].map(({ error }) => error)).toEqual(['5', '4', '3', '2', '1'])
    expect(second.next_cursor).toBeNull()
  })

  test('by state', async () => {
    await add('waits')
    await add('was sent again', 'replayed')
    expect((await list('?state=stored')).items.map(({ error }) => error)).toEqual(['waits'])
    expect((await list('?state=replayed')).items.map(({ error }) => error)).toEqual(['was sent again'])
  })
})

test.each(['state=lost', 'page_size=0', 'cursor=nonsense', 'page=2'])('400 %s', async (query) => {
  const reply = await get(`?${query}`)
  expect(reply.status).toBe(400)
  expect((await problemOf(reply)).errors?.[0]?.field).toBe(`query.${query.split('=')[0]}`)
})
