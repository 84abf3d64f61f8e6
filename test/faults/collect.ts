/** What is in the system after a run: of its users in the database, and of their events in the broker. */
import { Consumer } from '@platformatic/kafka'
import { randomUUID } from 'node:crypto'
import { functions } from '../../functions/manifest.ts'
import { topics } from '../../shared/contract/events.ts'
import type { History, Logged, Mail, Poison, Reminder, Statistics, Stored, Task } from './history.ts'
import { mailsByTask } from './mailbox.ts'
import type { World } from './world.ts'

/** Who has to have a receipt of what at the end of a run. */
export const subscriptions = Object.entries(functions).flatMap(([consumer, row]) =>
  row.trigger === 'event' ? row.topics.map((topic) => ({ consumer, topic: topic as string })) : [],
)

type Collected = Omit<History, 'operations' | 'wentBack' | 'drainedMs' | 'settledMs'>

/** `since`: when the run began. */
export async function collect(
  world: World,
  users: string[],
  poison: Poison[],
  since: Date,
): Promise<Collected> {
  const { sql } = world
  const [{ now }] = await sql<[{ now: string }]>`select clock_now()::text as now`
  const [
    tasks,
    logged,
    receipts,
    statistics,
    reminders,
    mails,
    series,
    announced,
    occurrences,
    [{ waiting }],
    deadLetters,
    unready,
    stored,
    arrived,
  ] = await Promise.all([
    sql<Task[]>`
      select id, user_id as user, title, version::int, status = 'done' as done, status <> 'open' as closed, deleted_at is not null as deleted, due_at::text as "dueAt"
      from tasks where user_id = any(${users})`,
    sql<Logged[]>`
      select id, event_type as type, topic, user_id as user, coalesce(task_id, recurring_task_id) as key, (event_data ->> 'version')::int as version
      from task_event_log where user_id = any(${users}) and topic is not null order by created_at, id`,
    sql<{ consumer: string; event: string }[]>`
      select consumer, event_id as event from inbox
      where event_id in (select id from task_event_log where user_id = any(${users}))`,
    sql<Statistics[]>`
      select user_id as user, created::int, updated::int, completed::int, deleted::int from task_statistics where user_id = any(${users})`,
    sql<Reminder[]>`
      select reminders.id, reminders.task_id as task, remind_at::text as "remindAt", fired_at::text as "firedAt",
        array(select created_at::text from notifications where reminder_id = reminders.id) as "notifiedAt"
      from reminders where user_id = any(${users})`,
    sql<Omit<Mail, 'arrived'>[]>`
      select id, task_id as task, reminder_id as reminder, state, reason from deliveries where user_id = any(${users}) and channel = 'email'`,
    sql<{ id: string }[]>`select id from recurring_tasks where user_id = any(${users})`,
    sql<{ series: string; occurrence: string }[]>`
      select recurring_task_id as series, event_data ->> 'occurrence' as occurrence
      from task_event_log where user_id = any(${users}) and event_type = 'recurring-task.due'
        -- A later one may have come before it was made: then it is known to be missed.
        and not exists (
          select from virtual_occurrences as missed
          where missed.recurring_task_id = task_event_log.recurring_task_id
            and missed.occurrence = event_data ->> 'occurrence'
        )`,
    sql<{ series: string; occurrence: string }[]>`
      select recurring_task_id as series, occurrence from tasks where user_id = any(${users}) and recurring_task_id is not null`,
    sql<[{ waiting: number }]>`
      select count(*)::int as waiting
      from outbox
      where event_id in (select id from task_event_log where user_id = any(${users}))`,
    sql<Poison[]>`
      select topic, event as value from dead_letters where event = any(${poison.map(({ value }) => value)})`,
    unreadyParts(world),
    storedRecords(world.brokers),
    mailsByTask(world.mailbox, since),
  ])
  return {
    collectedAt: now,
    tasks,
    logged,
    receipts,
    statistics,
    reminders,
    mails: mails.map((mail) => ({ ...mail, arrived: arrived.get(mail.task) ?? 0 })),
    series: series.map(({ id }) => id),
    announced,
    occurrences,
    waiting,
    poison,
    deadLetters,
    unready,
    subscriptions,
    stored: recordsOf(users, logged, stored),
  }
}

/** A record of the broker, and whose it says it is. */
export type Found = Stored & { user: string | null }

/** The records that say they are of `users`, whether or not the log knows them, and those that the log knows. */
export function recordsOf(users: string[], logged: Logged[], found: Found[]): Stored[] {
  const known = new Set(logged.map(({ id }) => id))
  return found.filter(
    ({ id, user }) => (user !== null && users.includes(user)) || (id !== null && known.has(id)),
  )
}

async function unreadyParts({ parts }: World): Promise<string[]> {
  const problems = await Promise.all(parts.map(async (part) => [part.name, await part.problem()] as const))
  return problems.filter(([, problem]) => problem).map(([name, problem]) => `${name}: ${problem}`)
}

/** Every record of every topic of events, in the order of each partition. */
async function storedRecords(brokers: string): Promise<Found[]> {
  const names = Object.keys(topics).filter((topic) => !topic.startsWith('dead-letter'))
  const consumer = new Consumer({ clientId: 'faults', bootstrapBrokers: [brokers], groupId: randomUUID() })
  const ends = await consumer.listOffsets({ topics: names })
  const left = [...ends.values()].flat().reduce((sum, offset) => sum + offset, 0n)
  if (left === 0n) {
    await consumer.close(true)
    return []
  }
  const stream = await consumer.consume({
    topics: names,
    mode: 'earliest',
    autocommit: false,
    maxWaitTime: 50,
  })
  const timer = setTimeout(() => void stream.close(), 20_000)
  const read: (Found & { partition: number; offset: bigint })[] = []
  for await (const { topic, key, value, partition, offset } of stream) {
    read.push({ topic, key: key?.toString() ?? '', ...eventIn(value), partition, offset })
    if (BigInt(read.length) >= left) break
  }
  clearTimeout(timer)
  await consumer.close(true)
  return read.toSorted(
    (one, other) =>
      one.topic.localeCompare(other.topic) ||
      one.partition - other.partition ||
      Number(one.offset - other.offset),
  )
}

/** What is no event of ours has none of these. */
export function eventIn(value: Buffer | undefined): Pick<Found, 'id' | 'version' | 'user'> {
  try {
    const { id = null, data } = JSON.parse(value!.toString()) as {
      id?: string
      data?: { version?: number; user_id?: string }
    }
    return { id, version: data?.version ?? null, user: data?.user_id ?? null }
  } catch {
    return { id: null, version: null, user: null }
  }
}
