/** What may happen to a series, step by step: time, the scan, the broker, its owner. `n` draws what a step leaves open. */
import type { Hono } from 'hono'
import notificationPlan from '../../functions/events/notification-plan/handler.ts'
import occurrenceComplete from '../../functions/http/occurrence-complete/handler.ts'
import occurrenceSkip from '../../functions/http/occurrence-skip/handler.ts'
import occurrenceUpdate from '../../functions/http/occurrence-update/handler.ts'
import recurringTaskUpdate from '../../functions/http/recurring-task-update/handler.ts'
import taskComplete from '../../functions/http/task-complete/handler.ts'
import taskDelete from '../../functions/http/task-delete/handler.ts'
import taskReopen from '../../functions/http/task-reopen/handler.ts'
import taskUndo from '../../functions/http/task-undo/handler.ts'
import taskUpdate from '../../functions/http/task-update/handler.ts'
import { fireReminders } from '../../functions/schedules/due-scan/fire.ts'
import { announceOccurrences } from '../../functions/schedules/recurrence-scan/announce.ts'
import { seriesOf } from '../../shared/data/rule.ts'
import { readStanding } from '../../shared/data/series.ts'
import { closeDatabase, sql, transaction } from '../../shared/data/sql.ts'
import type { Env } from '../../shared/http/env.ts'
import { occurrences } from '../../shared/recurrence/expand.ts'
import { inContext } from '../../shared/testing/context.ts'
import { travelTo } from '../../shared/testing/database.ts'
import { callAs, loggedEvents } from '../../shared/testing/delivery.ts'
import {
  announced,
  deliver,
  scan,
  seriesNow,
  tasksOfSeries,
  type DueEvent,
  type TaskOfSeries,
} from '../../shared/testing/series.ts'
import type { TestUser } from '../../shared/testing/user.ts'

/** A series with what the database does not tell of it. */
export type World = {
  user: TestUser
  id: string
  /** Of its rule as it began. */
  interval: number
  /** The announcements that were delivered at least once. */
  delivered: Set<string>
  /** The key after which each occurrence of the rule must be known: where the series stood when its rule last changed. */
  since: string
  /** Where it stood after the last step. */
  settled: string
  /** Whether this step may take it back. */
  mayGoBack: boolean
}

const present = async (): Promise<Temporal.Instant> => {
  const [row] = await sql<[{ now: string }]>`select clock_now() as now`
  return Temporal.Instant.from(row.now)
}

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]

/** A reply that is none of those `expected` fails the step. */
async function textOf(reply: Response, expected = [200]): Promise<string> {
  const text = await reply.text()
  if (expected.includes(reply.status)) return text
  throw new Error(`The answer is ${reply.status}: ${text}`)
}

/** A request of the owner. */
const request = (app: Hono<Env>, { user }: World, method: string, path: string, body?: object) =>
  app.request(path, { method, headers: user.headers, ...(body && { body: JSON.stringify(body) }) })

const post = async (app: Hono<Env>, world: World, path: string, body?: object, expected?: number[]) =>
  textOf(await request(app, world, 'POST', path, body), expected)

/** A step that does something with the task that `n` draws among those of this state. */
const withTask =
  (wanted: (task: TaskOfSeries) => boolean, work: (world: World, task: TaskOfSeries, n: number) => unknown) =>
  async (world: World, n: number) => {
    const tasks = await tasksOfSeries(world.id)
    const task = pick(tasks.filter(wanted), n)
    if (task) await work(world, task, n)
  }

const isThere = ({ deleted_at }: TaskOfSeries) => deleted_at === null
const isOpen = (task: TaskOfSeries) => isThere(task) && task.status === 'open'
const isClosed = (task: TaskOfSeries) => isThere(task) && task.status !== 'open'

/** A step that does something with one of the next four that are no tasks yet. */
const withKeyAhead = (work: (world: World, path: string) => unknown) => async (world: World, n: number) => {
  const series = (await readStanding(world.user.id, world.id))!
  if (series.mode === 'completion') return
  const window = { after: series.settled_through, userZone: series.time_zone }
  const ahead = [...occurrences(seriesOf(series, series.exceptions), window).take(4)]
  const key = pick(ahead, n)?.key
  if (key !== undefined) await work(world, occurrencePath(world, key))
}

const occurrencePath = ({ id }: World, key: string) =>
  `/api/recurring-tasks/${id}/occurrences/${encodeURIComponent(key)}`

const undelivered = async ({ id, delivered }: World) =>
  (await announced(id)).filter((event) => !delivered.has(event.id))

async function deliverEach(world: World, events: DueEvent[]): Promise<void> {
  for (const event of events) {
    await textOf(await deliver(event))
    world.delivered.add(event.id)
  }
}

async function edit(world: World, patch: object): Promise<void> {
  const reply = await request(recurringTaskUpdate, world, 'PATCH', `/api/recurring-tasks/${world.id}`, patch)
  await textOf(reply, [200, 400, 409])
}

/** From here on the rule is another one, or nothing is owed of what came while it stood still. */
async function beginAnew(world: World, patch: object): Promise<void> {
  await edit(world, patch)
  world.mayGoBack = true
  world.since = (await seriesNow(world.id)).settled_through
}

/** What was changed since is refused, and so is what was deleted more than thirty days ago. */
const takenBack = (app: Hono<Env>, verb: string) => async (world: World, task: TaskOfSeries) => {
  world.mayGoBack = true
  const expected = isThere(task) ? [200, 409] : [200, 404, 409]
  await post(app, world, `/api/tasks/${task.id}/${verb}`, {}, expected)
}

class Crash extends Error {}

const hours = [0.02, 0.4, 1, 8, 24, 3 * 24, 8 * 24, 40 * 24, 100 * 24]

type Step = (world: World, n: number) => Promise<unknown>

export const steps = {
  wait: async (_, n) => {
    const minutes = Math.ceil(pick(hours, n)! * 60)
    await travelTo((await present()).add({ minutes }).toString())
  },

  /** To just before or just after the next occurrence. */
  waitForNext: async ({ id }, n) => {
    const { next_created_at } = await seriesNow(id)
    if (next_created_at === null) return
    const at = Temporal.Instant.from(next_created_at).add({ seconds: n % 3 === 0 ? -30 : 1 })
    if (Temporal.Instant.compare(at, await present()) > 0) await travelTo(at.toString())
  },

  scan,

  /** It dies before its commit. */
  crashInScan: () =>
    inContext(() =>
      transaction(async () => {
        await announceOccurrences()
        throw new Crash()
      }),
    ).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error
    }),

  restart: closeDatabase,

  deliver: async (world) => deliverEach(world, await undelivered(world)),

  /** Others, which were announced before it, are still on their way. */
  deliverLast: async (world) => deliverEach(world, (await undelivered(world)).slice(-1)),

  deliverAgain: async (world, n) => {
    const event = pick(await announced(world.id), n)
    if (event) await deliverEach(world, [event, event])
  },

  remind: async ({ user }) => {
    await inContext(fireReminders)
    for (const event of await loggedEvents('task.due-soon', user.id))
      await textOf(await callAs(notificationPlan, '/events/notification-plan', event))
  },

  /** A repeat answers what the first did. */
  complete: withTask(isOpen, async (world, { id }) => {
    const first = await post(taskComplete, world, `/api/tasks/${id}/complete`)
    const again = await post(taskComplete, world, `/api/tasks/${id}/complete`)
    if (again !== first) throw new Error(`Completed again it is another: ${first} ${again}`)
  }),

  completeBackDated: withTask(isOpen, async (world, { id }, n) => {
    const completed_at = (await present()).subtract({ hours: n % 200 }).toString()
    await post(taskComplete, world, `/api/tasks/${id}/complete`, { completed_at })
  }),

  /** What was cancelled is not a date of the series any more. */
  completeClosed: withTask(isClosed, (world, { id }) =>
    post(taskComplete, world, `/api/tasks/${id}/complete`, {}, [200, 409]),
  ),

  completeAhead: withKeyAhead((world, path) => post(occurrenceComplete, world, `${path}/complete`)),

  skip: withTask(isOpen, (world, { occurrence }) =>
    post(occurrenceSkip, world, `${occurrencePath(world, occurrence)}/skip`),
  ),

  skipAhead: withKeyAhead((world, path) => post(occurrenceSkip, world, `${path}/skip`)),

  skipOverdue: (world) => post(occurrenceSkip, world, `${occurrencePath(world, 'overdue')}/skip`),

  reopen: withTask(isClosed, takenBack(taskReopen, 'reopen')),

  undo: withTask(isThere, takenBack(taskUndo, 'undo')),

  undoDelete: withTask((task) => !isThere(task), takenBack(taskUndo, 'undo')),

  delete: withTask(isThere, async (world, { id }) =>
    textOf(await request(taskDelete, world, 'DELETE', `/api/tasks/${id}`), [204]),
  ),

  move: withTask(isOpen, async (world, { id }, n) => {
    const due_date = (await present()).add({ hours: (n % 100) - 30 }).toString()
    await textOf(await request(taskUpdate, world, 'PATCH', `/api/tasks/${id}`, { due_date }))
  }),

  undate: withTask(isOpen, async (world, { id }) =>
    textOf(await request(taskUpdate, world, 'PATCH', `/api/tasks/${id}`, { due_date: null })),
  ),

  /** It is made before its time. */
  renameAhead: withKeyAhead(async (world, path) => {
    const body = { scope: 'this', title: 'This one alone' }
    await textOf(await request(occurrenceUpdate, world, 'PATCH', path, body))
  }),

  editTitle: (world, n) => edit(world, { title: `Title ${n}` }),

  editPolicy: (world, n) => edit(world, { catch_up: pick(['keep_one', 'skip_missed', 'keep_all'], n) }),

  editRule: (world, n) => beginAnew(world, { recurrence_interval: world.interval * (1 + (n % 3)) }),

  stop: (world) => beginAnew(world, { is_active: false }),

  resume: (world) => beginAnew(world, { is_active: true }),
} satisfies Record<string, Step>

/** Nothing is on its way any more, and nothing is due. */
export async function settle(world: World): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await scan()
    const events = await undelivered(world)
    if (events.length === 0) return
    await deliverEach(world, events)
  }
  throw new Error('There is no end of announcements.')
}
