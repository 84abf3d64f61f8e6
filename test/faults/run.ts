/** One run: people use the system, something breaks and is mended, and what is there afterwards is held against the promises. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cells } from './cells.ts'
import { violations, type Violation } from './check.ts'
import { newUser, useSystem } from './clients.ts'
import { collect, subscriptions } from './collect.ts'
import { randomOf } from './random.ts'
import type { World } from './world.ts'

export type Result = {
  cell: string
  seed: number
  operations: Record<'ok' | 'fail' | 'unknown', number>
  events: number
  drainedMs: number
  violations: Violation[]
}

const usersCount = 3
const perSecond = 17
const beforeMs = 700
const afterMs = 700
const patienceMs = 60_000

export async function run(world: World, cell: string, seed: number): Promise<Result> {
  const { fault, drainedMsMax } = cells[cell]!
  const random = randomOf(seed)
  const users = await Promise.all(Array.from({ length: usersCount }, () => newUser(world.url)))
  const tasks = users.map((): string[] => [])
  let over = false
  const using = users.map((user, index) =>
    useSystem(world.url, user, randomOf(seed * 31 + index), {
      isOver: () => over,
      perSecond,
      mine: tasks[index]!,
      others: tasks[(index + 1) % users.length]!,
    }),
  )
  await sleep(beforeMs * (0.5 + random.next()))
  await fault(world, random)
  const endedAt = Date.now()
  await sleep(afterMs)
  over = true
  const operations = (await Promise.all(using)).flat()
  const ids = users.map(({ id }) => id)
  const isDrained = await drained(world, ids)
  const drainedMs = isDrained ? Math.max(0, Date.now() - endedAt - afterMs) : patienceMs
  const history = { operations, drainedMs, drainedMsMax, ...(await collect(world, ids)) }
  const count = (outcome: string) => operations.filter((operation) => operation.outcome === outcome).length
  return {
    cell,
    seed,
    operations: { ok: count('ok'), fail: count('fail'), unknown: count('unknown') },
    events: history.logged.length,
    drainedMs,
    violations: violations(history),
  }
}

/** True when nothing of these users is on its way any more and every part is ready; false when that takes too long. */
async function drained(world: World, users: string[]): Promise<boolean> {
  const consumers = subscriptions.map(({ consumer }) => consumer)
  const topics = subscriptions.map(({ topic }) => topic)
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(100)) {
    const [{ open }] = await world.sql<[{ open: boolean }]>`
      select
        exists (select from outbox)
        or exists (
          select from reminders
          where user_id = any(${users}) and state = 'planned' and remind_at < clock_now() + interval '3 seconds'
        )
        or exists (
          select
          from unnest(${consumers}::text[], ${topics}::text[]) as bound (consumer, topic)
          join task_event_log as logged on logged.topic = bound.topic and logged.user_id = any(${users})
          where not exists (select from inbox where inbox.consumer = bound.consumer and inbox.event_id = logged.id)
        ) as open`
    if (open) continue
    const problems = await Promise.all(world.parts.map((part) => part.problem()))
    if (problems.every((problem) => !problem)) return true
  }
  return false
}
