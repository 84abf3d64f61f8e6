/** One run: people use the system, something breaks and is mended, and what is there afterwards is held against the promises. */
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../shared/testing/until.ts'
import { cells } from './cells.ts'
import { drainedMsMax, settledMsMax, violations, type Violation } from './check.ts'
import { newUser, useSystem } from './clients.ts'
import { collect, subscriptions } from './collect.ts'
import type { Operation, Poison } from './history.ts'
import { randomOf } from './random.ts'
import type { World } from './world.ts'

export type Result = {
  cell: string
  seed: number
  operations: Record<'ok' | 'fail' | 'unknown', number>
  events: number
  /** Mails of which nobody knows whether they were sent. */
  inDoubt: number
  drainedMs: number
  settledMs: number
  /** Processes that wanted to run, on average over the last minute: what else the machine had to do. */
  load: number
  violations: Violation[]
}

const usersCount = 3
const perSecond = 17
/** What has been done before something breaks, and what has to be done after it was mended. */
const doneBefore = 15
const doneAfter = 10
const pauseMsMax = 500
const patienceMs = 30_000

export async function run(world: World, cell: string, seed: number): Promise<Result> {
  const { fault, wentBack = false } = cells[cell]!
  const random = randomOf(seed)
  const users = await Promise.all(Array.from({ length: usersCount }, () => newUser(world.url)))
  const tasks = users.map((): string[] => [])
  const since = new Date()
  const operations = users.map((): Operation[] => [])
  let over = false
  const using = users.map((user, index) =>
    useSystem(world.url, user, randomOf(seed * 31 + index), {
      isOver: () => over,
      perSecond,
      mine: tasks[index]!,
      others: tasks[(index + 1) % users.length]!,
      operations: operations[index]!,
    }),
  )
  const done = () => operations.flat().filter(({ outcome }) => outcome === 'ok').length
  await until(() => done() >= doneBefore, patienceMs)
  await sleep(random.next() * pauseMsMax)
  const poison = (await fault(world, random)) ?? []
  const endedAt = Date.now()
  const doneDuring = done()
  const isUsable = await until(() => done() >= doneDuring + doneAfter, patienceMs).then(
    () => true,
    () => false,
  )
  over = true
  await Promise.all(using)
  const ids = users.map(({ id }) => id)
  const waited = await drained(world, ids, poison, endedAt)
  const history = {
    operations: operations.flat(),
    wentBack,
    ...waited,
    ...(await collect(world, ids, poison, since)),
  }
  if (!isUsable) history.unready.push(`fewer than ${doneAfter} operations were done in ${patienceMs} ms`)
  const count = (outcome: string) =>
    history.operations.filter((operation) => operation.outcome === outcome).length
  return {
    cell,
    seed,
    operations: { ok: count('ok'), fail: count('fail'), unknown: count('unknown') },
    events: history.logged.length,
    inDoubt: history.mails.filter(({ state }) => state === 'unknown').length,
    ...waited,
    load: Math.round(loadavg()[0]! * 10) / 10,
    violations: violations(history),
  }
}

/**
 * From `from` until no event of these users was on its way any more and every part was ready, and until every mail was settled:
 * one that was cut off stays in doubt for a while, and holds up those behind it in its partition. More than the patience when
 * that took too long.
 */
async function drained(world: World, users: string[], poison: Poison[], from: number) {
  let drainedMs: number | undefined
  for (;;) {
    const [open] = await world.sql<[{ events: boolean; mails: boolean; planned: number }]>`
      with bound as (
        select *
        from unnest(
          ${subscriptions.map(({ consumer }) => consumer)}::text[], ${subscriptions.map(({ topic }) => topic)}::text[]
        ) as bound (consumer, topic)
      ),
      waiting as (
        select bound.consumer
        from bound
        join task_event_log as logged on logged.topic = bound.topic and logged.user_id = any(${users})
        where not exists (select from inbox where inbox.consumer = bound.consumer and inbox.event_id = logged.id)
      )
      select
        exists (select from waiting where consumer <> 'notification-email')
        or exists (select from outbox)
        or exists (
          select
          from unnest(
            ${poison.map(({ topic }) => topic)}::text[], ${poison.map(({ value }) => value)}::text[]
          ) as poison (topic, event)
          where not exists (
            select from dead_letters as kept where kept.topic = poison.topic and kept.event = poison.event
          )
        )
        or exists (
          select from reminders
          where user_id = any(${users}) and state = 'planned' and remind_at < clock_now() + interval '3 seconds'
        )
        or exists (
          select from recurring_tasks
          where user_id = any(${users}) and is_active and next_created_at < clock_now() + interval '3 seconds'
        ) as events,
        exists (select from waiting where consumer = 'notification-email') as mails,
        (select count(*)::int from deliveries where user_id = any(${users}) and channel = 'email') as planned`
    const waitedMs = Math.max(0, Date.now() - from)
    const isTooLong = waitedMs > settledMsMax(open.planned)
    if (drainedMs === undefined && (!open.events || waitedMs > drainedMsMax) && (await allReady(world)))
      drainedMs = waitedMs
    if (drainedMs !== undefined && (!open.mails || isTooLong)) return { drainedMs, settledMs: waitedMs }
    if (isTooLong) return { drainedMs: waitedMs, settledMs: waitedMs }
    await sleep(100)
  }
}

const allReady = async ({ parts }: World): Promise<boolean> =>
  (await Promise.all(parts.map((part) => part.problem()))).every((problem) => !problem)
