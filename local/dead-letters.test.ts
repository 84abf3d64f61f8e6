import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../shared/data/sql.ts'
import { config } from '../shared/runtime/config.ts'
import { inContext } from '../shared/testing/context.ts'
import { useDatabase } from '../shared/testing/database.ts'
import { callAs, eventOf, loggedEvents, taskData } from '../shared/testing/delivery.ts'
import { addTask } from '../shared/testing/task.ts'
import { signIn } from '../shared/testing/user.ts'
import deadLetterStore from '../functions/events/dead-letter-store/handler.ts'
import planNotification from '../functions/events/notification-plan/handler.ts'
import createTask from '../functions/http/task-create/handler.ts'
import { fireReminders } from '../functions/schedules/due-scan/fire.ts'

useDatabase()

type Ran = { code: number; out: string; err: string }

/** The command, as it is typed. */
const run = (args: string[], env?: Record<string, string>) =>
  new Promise<Ran>((resolve) => {
    const settings = env ?? { DATABASE_URL: config('database').DATABASE_URL }
    const options = { env: { PATH: process.env['PATH'], ...settings } }
    execFile(process.execPath, ['local/dead-letters.ts', ...args], options, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })

beforeEach(async () => {
  await sql`delete from dead_letters`
  await sql`delete from outbox`
})

/** The `task.created` event of a new task, stored as a dead letter. */
async function deadEvent() {
  const user = await signIn()
  await createTask.request('/api/tasks', { method: 'POST', headers: user.headers, body: '{"title":"x"}' })
  const [event] = await loggedEvents('task.created', user.id)
  await sql`delete from outbox where event_id = ${event!.id}`
  return { event: event!, id: await store(event!) }
}

async function store(event: { id: string }, topic = 'task-created'): Promise<string> {
  await callAs(deadLetterStore, '/events/dead-letter-store', event, {
    __topic: topic,
    'x-dead-letter-consumer': 'task-statistics',
    'x-dead-letter-error': encodeURIComponent('no\u001b[2J luck'),
    'x-dead-letter-attempts': '25',
  })
  const [row] = await sql<[{ id: string }]>`select id from dead_letters where event_id = ${event.id}`
  return row.id
}

const queued = () => sql`select event_id, topic, partition_key from outbox order by position`
const stateOf = async (id: string) =>
  (await sql`select state from dead_letters where id = ${id}`)[0]!['state']

describe('list and show', () => {
  test('none', async () => {
    expect(await run(['list'])).toEqual({ code: 0, out: 'There are no dead letters.\n', err: '' })
  })

  test('a line each, and one with its body; no control character reaches the terminal', async () => {
    const { event, id } = await deadEvent()
    const { out, err } = await run(['list'])
    expect(err).toBe('')
    for (const part of [id, 'stored', 'task-created', 'task-statistics', '25 attempts', 'no [2J luck'])
      expect(out).toContain(part)
    const shown = JSON.parse((await run(['show', id])).out) as { event: string }
    expect(shown).toMatchObject({ id, event_id: event.id, attempts: 25, state: 'stored' })
    expect(JSON.parse(shown.event)).toMatchObject({ id: event.id, data: { title: 'x' } })
  })
})

describe('replay of one', () => {
  test('queues the event as the log has it, and marks the dead letter', async () => {
    const { event, id } = await deadEvent()
    expect(await run(['replay', id])).toEqual({ code: 0, out: `Event ${event.id} is sent again.\n`, err: '' })
    expect(await queued()).toEqual([
      { event_id: event.id, topic: 'task-created', partition_key: event.data['task_id'] },
    ])
    expect(await stateOf(id)).toBe('replayed')
  })

  test('twice: what is queued already is not queued again', async () => {
    const { id } = await deadEvent()
    await run(['replay', id])
    expect((await run(['replay', id])).code).toBe(0)
    expect(await queued()).toHaveLength(1)
  })

  test('of an event that the log does not have: says so, changes nothing', async () => {
    const id = await store(eventOf('task.created', taskData))
    const { code, err } = await run(['replay', id])
    expect([code, err]).toEqual([1, expect.stringContaining('is not in the log')])
    expect(await queued()).toEqual([])
    expect(await stateOf(id)).toBe('stored')
  })

  test('of a mail: it is planned again', async () => {
    const user = await signIn()
    await addTask(user, { due_date: '2026-01-01T00:00:00Z' })
    await inContext(fireReminders)
    const [due] = await loggedEvents('task.due-soon', user.id)
    await callAs(planNotification, '/events/notification-plan', due)
    const [mail] = await loggedEvents('notification.email', user.id)
    const id = await store(mail!, 'notification-email')
    const state = async () =>
      (await sql`select state from deliveries where user_id = ${user.id} and channel = 'email'`)[0]!['state']
    expect(await state()).toBe('failed')
    await run(['replay', id])
    expect(await state()).toBe('planned')
  })
})

describe('replay of a range', () => {
  test('sends again what was stored then, in the order of the events, and counts what cannot be', async () => {
    const first = await deadEvent()
    const second = await deadEvent()
    const third = await deadEvent()
    const lost = await store(eventOf('task.created', taskData))
    await sql`update dead_letters set created_at = '2026-01-02T00:00:00Z' where id in (${first.id}, ${lost})`
    await sql`update dead_letters set created_at = '2026-01-01T00:00:00Z' where id = ${second.id}`
    await sql`update dead_letters set created_at = '2026-01-03T00:00:00Z' where id = ${third.id}`
    const { out } = await run(['replay', '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-03T00:00:00Z'])
    expect(out).toBe(
      '2 sent again. 1 cannot be: the log does not have their events. Look at them with show.\n',
    )
    expect((await queued()).map(({ event_id }) => event_id as string)).toEqual([
      first.event.id,
      second.event.id,
    ])
    expect(await stateOf(third.id)).toBe('stored')
    const again = await run(['replay', '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-03T00:00:00Z'])
    expect(again.out).toContain('0 sent again.')
  })
})

describe('refused with a sentence', () => {
  test.each([
    [[], 'npm run dead-letters -- list'],
    [['constructor'], 'npm run dead-letters -- list'],
    [['list', '--colour'], '--colour'],
    [['show'], 'Give the id of a dead letter'],
    [['show', randomUUID()], 'There is no dead letter'],
    [['replay', randomUUID()], 'There is no dead letter'],
    [['replay'], 'Give the id of one dead letter, or --from and --to.'],
    [['replay', '--from', '2026-01-01T00:00:00Z'], 'Give the id of one dead letter, or --from and --to.'],
    [['replay', '--from', 'yesterday', '--to', 'today'], 'yesterday is not an instant'],
  ])('%j', async (args, text) => {
    const { code, out, err } = await run(args)
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringContaining(text) })
  })

  test('no database', async () => {
    const { code, err } = await run(['list'], { DATABASE_URL: 'postgres://todo@127.0.0.1:1/todo' })
    expect([code, err]).toEqual([1, expect.stringContaining('The database did not answer')])
  })
})

test('without DATABASE_URL the database is that of the task manager that runs', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'todo-running-'))
  expect((await run(['list'], { DATA_DIR: directory })).err).toContain(`Nothing runs on ${directory}`)
  const running = { pid: process.pid, started: '', database_url: config('database').DATABASE_URL }
  await writeFile(join(directory, 'running.json'), JSON.stringify(running))
  expect((await run(['list'], { DATA_DIR: directory })).out).toBe('There are no dead letters.\n')
  await rm(directory, { recursive: true })
})
