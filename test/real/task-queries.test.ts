/**
 * What Postgres does for each statement at a million rows. The functions themselves run, and `auto_explain` tells the plan of
 * the very statement that they sent, with the rows that it touched.
 */
import type { Hono } from 'hono'
import type { Notice, Options } from 'postgres'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import occurrenceList from '../../functions/http/occurrence-list/handler.ts'
import occurrenceSkip from '../../functions/http/occurrence-skip/handler.ts'
import seriesGet from '../../functions/http/recurring-task-get/handler.ts'
import seriesList from '../../functions/http/recurring-task-list/handler.ts'
import seriesUpdate from '../../functions/http/recurring-task-update/handler.ts'
import taskComplete from '../../functions/http/task-complete/handler.ts'
import taskGet from '../../functions/http/task-get/handler.ts'
import taskHistory from '../../functions/http/task-history/handler.ts'
import taskList from '../../functions/http/task-list/handler.ts'
import taskReopen from '../../functions/http/task-reopen/handler.ts'
import taskUndo from '../../functions/http/task-undo/handler.ts'
import taskUpdate from '../../functions/http/task-update/handler.ts'
import { reconcile } from '../../functions/schedules/event-reconcile/reconcile.ts'
import { fireReminders } from '../../functions/schedules/due-scan/fire.ts'
import { relay } from '../../functions/schedules/outbox-relay/relay.ts'
import { announceOccurrences } from '../../functions/schedules/recurrence-scan/announce.ts'
import { closeDatabase, sql } from '../../shared/data/sql.ts'
import type { Env } from '../../shared/http/env.ts'
import { useSidecar } from '../../shared/dapr/sidecar.ts'
import { inContext } from '../../shared/testing/context.ts'
import { useDatabase } from '../../shared/testing/database.ts'
import { signToken } from '../../shared/testing/user.ts'
import { addMillionRows, busySeries, busyUser, days, ordinaryUser } from './million-rows.ts'
import { scansOf } from './plans.ts'

const notices = vi.hoisted(() => [] as { message?: string }[])
vi.mock(import('postgres'), async (original) => {
  const { default: postgres } = await original()
  const listening = (url: string, options: Options<never>) =>
    postgres(url, { ...options, onnotice: (notice: Notice) => notices.push(notice) })
  return { default: listening as unknown as typeof postgres }
})

useDatabase()

const large = new Set<string>()
const series = `/api/recurring-tasks/${busySeries}`

beforeAll(async () => {
  await addMillionRows(sql)
  for (const { relname } of await sql<{ relname: string }[]>`
    select relname from pg_class where relkind = 'r' and reltuples >= 50000`)
    large.add(relname)
  await configureSessions({
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_level': 'notice',
    'auto_explain.log_format': 'json',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
  })
}, 300_000)

/** Settings of every later connection to this database. */
async function configureSessions(settings: Record<string, string>): Promise<void> {
  const [row] = await sql<[{ name: string }]>`select current_database() as name`
  for (const [name, value] of Object.entries(settings)) {
    await sql.unsafe(`alter database ${row.name} set ${name} = '${value}'`)
  }
  await closeDatabase()
}

/**
 * Runs `work` and answers the scans of its statements that should not be: those that read a large table from end to end, and
 * those that touch more than `rowsMax` rows. A table in `whole` is meant to be read whole.
 */
async function wideScans(
  rowsMax: number,
  work: () => Promise<unknown>,
  whole: string[] = [],
): Promise<string[]> {
  notices.length = 0
  await work()
  return scansOf(notices).flatMap(({ type, target, rows }) => {
    if (whole.includes(target)) return []
    const wide = rows > rowsMax || (type === 'Seq Scan' && large.has(target))
    return wide ? [`${type} ${target}: ${rows} rows`] : []
  })
}

/** Answers the body. */
async function send(app: Hono<Env>, userId: string, path: string, method: string, body?: object) {
  const authorization = `Bearer ${await signToken({ sub: userId })}`
  const reply = await app.request(path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(reply.status).toBe(200)
  return (await reply.json()) as { items: { id: string }[]; next_cursor: string | null }
}

const get = (app: Hono<Env>, userId: string, path: string) => send(app, userId, path, 'GET')

test('the tables are large', () => {
  expect([...large]).toEqual(expect.arrayContaining(['tasks', 'reminders', 'recurring_tasks', 'outbox']))
  expect([...large].some((name) => name.startsWith('task_event_log_'))).toBe(true)
})

/** The first word is in every title, the others in few. */
const filters: Record<string, string>[] = [
  { sort: '-created_at' },
  { sort: 'created_at' },
  { sort: 'updated_at' },
  { sort: '-updated_at' },
  { sort: 'due_date' },
  { sort: '-due_date' },
  { sort: 'priority' },
  { sort: '-priority' },
  { status: 'open' },
  { status: 'done' },
  { status: 'open', sort: 'due_date' },
  { overdue: 'true' },
  { overdue: 'true', sort: 'due_date' },
  { priority: '1' },
  { tag: 'tag 7' },
  { tag: 'errand' },
  { due_before: '2020-01-01' },
  { due_after: '2020-01-01T00:00:00Z', sort: 'due_date' },
  { status: 'all' },
  { status: 'all', sort: '-updated_at' },
  { due_on: 'today' },
  { due_on: '2025-01-15', status: 'all', sort: 'due_date' },
  { recurring_task_id: '01890a5d-ac96-774b-bcce-b302099a8057' },
  { q: 'call' },
  { q: 'w7' },
  { q: '"call w7" or w49000' },
  { q: 'groceries' },
  { q: 'call', tag: 'tag 7', status: 'open', sort: 'due_date' },
  { user_id: busyUser },
  { page: '100', page_size: '100' },
]

describe.each(['force_custom_plan', 'force_generic_plan'])('with %s', (mode) => {
  beforeAll(async () => configureSessions({ plan_cache_mode: mode }))

  describe.each([
    ['an ordinary user', ordinaryUser, 1_000],
    ['a user with 100,000 tasks', busyUser, 110_000],
  ])('%s', (_, userId, rowsMax) => {
    const list = (query: URLSearchParams) => get(taskList, userId, `/api/tasks?${query}`)

    test.each(filters)('task-list %j', async (filter) => {
      const query = new URLSearchParams({ page_size: '5', ...filter })
      let cursor: string | null = null
      const first = async () => ({ next_cursor: cursor } = await list(query))
      expect(await wideScans(rowsMax, first)).toEqual([])
      if (cursor === null) return
      query.delete('page')
      query.set('cursor', cursor)
      expect(await wideScans(rowsMax, () => list(query))).toEqual([])
    })

    test.each(['due_date', '-due_date'])('task-list, sort=%s, at the tasks that have none', async (sort) => {
      const [task] = await sql<[{ id: string }]>`
        select id from tasks where user_id = ${userId} and due_at is null order by id limit 1`
      const cursor = Buffer.from(JSON.stringify([sort, null, task.id])).toString('base64url')
      expect(await wideScans(rowsMax, () => list(new URLSearchParams({ sort, cursor })))).toEqual([])
    })

    test('task-get, task-update and task-history', async () => {
      const { items } = await list(new URLSearchParams({ page_size: '1' }))
      const path = `/api/tasks/${items[0]!.id}`
      expect(await wideScans(1, () => get(taskGet, userId, path))).toEqual([])
      expect(await wideScans(10, () => get(taskHistory, userId, `${path}/history`))).toEqual([])
      const body = { due_date: '2030-01-15', title: `Title of ${mode}` }
      expect(await wideScans(10, () => send(taskUpdate, userId, path, 'PATCH', body))).toEqual([])
    })
  })

  test.each([{ tag: 'errand' }, { q: 'groceries' }])(
    'task-list %j: what only others have costs nothing',
    async (filter) => {
      const path = `/api/tasks?${new URLSearchParams(filter)}`
      expect(await wideScans(0, () => get(taskList, busyUser, path), ['users_pkey'])).toEqual([])
    },
  )

  test('recurring-task-list and recurring-task-get', async () => {
    const list = '/api/recurring-tasks?page_size=5'
    expect(await wideScans(1_000, () => get(seriesList, ordinaryUser, list))).toEqual([])
    expect(await wideScans(110_000, () => get(seriesList, busyUser, list))).toEqual([])
    expect(await wideScans(1, () => get(seriesGet, busyUser, series))).toEqual([])
  })

  // What became of a series is read whole: one row for each of its days.
  test('occurrence-list, and task-list of a series', async () => {
    expect(await wideScans(days, () => get(occurrenceList, busyUser, `${series}/occurrences`))).toEqual([])
    const tasks = `/api/tasks?status=all&recurring_task_id=${busySeries}`
    expect(await wideScans(110_000, () => get(taskList, busyUser, tasks))).toEqual([])
  })

  test('a series with twenty open tasks: complete, repeat, reopen, undo, skip and change', async () => {
    const [task] = await sql<[{ id: string }]>`
      select id
      from tasks
      where recurring_task_id = ${busySeries} and status = 'open'
      order by occurrence
      limit 1`
    const command = (app: Hono<Env>, path: string) => () => send(app, busyUser, path, 'POST')
    const complete = command(taskComplete, `/api/tasks/${task.id}/complete`)
    expect(await wideScans(50, complete)).toEqual([])
    expect(await wideScans(50, complete)).toEqual([])
    expect(await wideScans(50, command(taskReopen, `/api/tasks/${task.id}/reopen`))).toEqual([])
    expect(await wideScans(50, complete)).toEqual([])
    expect(await wideScans(50, command(taskUndo, `/api/tasks/${task.id}/undo`))).toEqual([])
    const [last] = await sql<[{ occurrence: string }]>`
      select max(occurrence) as occurrence from tasks where recurring_task_id = ${busySeries} and status = 'open'`
    const skip = `${series}/occurrences/${last.occurrence}/skip`
    expect(await wideScans(50, command(occurrenceSkip, skip))).toEqual([])
    const body = { title: `Title of ${mode}` }
    expect(await wideScans(50, () => send(seriesUpdate, busyUser, series, 'PATCH', body))).toEqual([])
  })

  test('due-scan: the claim, and the next wake-up', async () => {
    expect(await wideScans(1_000, () => inContext(fireReminders))).toEqual([])
  })

  test('due-scan, also when Postgres takes reading all for cheaper: it does while the tables are small', async () => {
    onTestFinished(() => configureSessions({ random_page_cost: '4' }))
    await configureSessions({ random_page_cost: '100' })
    expect(await wideScans(1_000, () => inContext(fireReminders))).toEqual([])
  })

  test('recurrence-scan: the claim, and the next wake-up', async () => {
    expect(await wideScans(1_000, () => inContext(announceOccurrences))).toEqual([])
  })

  test('outbox-relay: the claim', async () => {
    useSidecar({ publish: async (events) => events.map(() => undefined), sendMail: async () => {} })
    expect(await wideScans(1_000, () => inContext(relay))).toEqual([])
  })

  // It compares the events of one day with their receipts, and with the queue, which is short unless the broker is away.
  test('event-reconcile: what has no receipt', async () => {
    expect(await wideScans(50_000, () => inContext(reconcile), ['outbox'])).toEqual([])
  })
})

test('due-scan, when much is due of a table that was not counted yet', async () => {
  await sql`truncate reminders`
  await sql`delete from pg_statistic where starelid = 'reminders'::regclass`
  await sql`alter table reminders set (autovacuum_enabled = off)`
  await sql`insert into reminders (task_id, user_id, remind_at) select id, user_id, now() from tasks limit 20000`
  expect(await wideScans(1_000, () => inContext(fireReminders))).toEqual([])
})
