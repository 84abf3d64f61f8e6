/** The system on its real parts: sidecars, a broker, each function a process. */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka'
import { randomBytes, randomUUID } from 'node:crypto'
import { startStack, type Stack } from '../local/stack/stack.ts'
import { topics } from '../shared/contract/events.ts'
import { wake } from '../shared/data/signal.ts'
import { sql } from '../shared/data/sql.ts'
import { configure } from '../shared/runtime/config.ts'
import { temporaryDirectory } from '../shared/testing/directory.ts'
import { signIn } from '../shared/testing/user.ts'
import { freeBlock } from '../test/stack/ports.ts'
import { startBareLoop } from './bare-loop.ts'
import { median, print, quantile } from './report.ts'
import { plan } from './reminders.ts'
import { startDatabase } from './server.ts'

const rounds = 5
const eventsPerRound = 5_000
const acknowledgedEvents = 500
const burstReminders = 100_000
/** Of one user alone the sums would be one row, and each event would wait for the commit of the one before. */
const users = 200

type System = { stack: Stack; brokers: string; directory: string; user: string }

export async function stack(): Promise<void> {
  const bench = await startDatabase()
  const directory = await temporaryDirectory()
  const ports = await freeBlock(310)
  configure({
    HOST: '127.0.0.1',
    PORT: String(ports + 309),
    STACK_PORTS: String(ports),
    LOG_LEVEL: 'warn',
    DATABASE_STATEMENT_TIMEOUT_MS: '600000',
  })
  const settings = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']))
  const tell = (text: string) => process.stdout.write(`${text}\n`)
  const appToken = randomBytes(24).toString('hex')
  const started = await startStack({ directory: directory.path, settings, appToken, tell })
  const { id } = await signIn()
  await sql`update preferences set channels = '{in_app}' where user_id = ${id}`
  for (let other = 1; other < users; other++) await signIn()
  const system = { stack: started, brokers: `127.0.0.1:${ports + 1}`, directory: directory.path, user: id }
  try {
    await memory(system)
    // First what makes the broker warm: a fresh JVM compiles on the cores of everybody.
    await throughput(system)
    await acknowledged(system)
    await burst(system)
  } finally {
    await started.stop()
    await bench.stop()
    await directory.remove()
  }
}

/** Resident memory of each sidecar when nothing happens. */
async function memory({ stack }: System): Promise<void> {
  await sleep(5_000)
  const sizes = await Promise.all(
    stack.parts
      .filter(({ name }) => name.endsWith('-daprd'))
      .map(async ({ name, process }) => {
        const status = await readFile(`/proc/${process!.pid()}/status`, 'utf8')
        return { name, megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024 }
      }),
  )
  const list = sizes.map(({ name, megabytes }) => `${name} ${megabytes.toFixed(0)}`).join(', ')
  const value = median(sizes.map(({ megabytes }) => megabytes))
  print({
    name: 'stack',
    what: 'idle memory of a sidecar, median',
    value,
    unit: 'MB',
    goal: 75,
    better: 'lower',
  })
  process.stdout.write(`         in MB: ${list}\n`)
}

/** A backlog from the outbox to its handler, and as many events through nothing but sidecar and broker. */
async function throughput({ brokers }: System): Promise<void> {
  await addTasks(1)
  const [event] = await sql<[{ event_data: object }]>`select event_data from task_event_log limit 1`
  const bare = await startBareLoop(brokers, topics['task-created'], event.event_data)
  const [ratios, published, handled, bareRates]: number[][] = [[], [], [], []]
  for (let round = 0; round < rounds; round++) {
    const run = async () => {
      await addTasks(eventsPerRound)
      const all = await count(sql`tasks`)
      const startedAt = performance.now()
      wake(['outbox-relay'])
      await until(queueIsEmpty)
      published!.push((eventsPerRound / (performance.now() - startedAt)) * 1000)
      await until(async () => (await counted()) === all)
      const rate = (eventsPerRound / (performance.now() - startedAt)) * 1000
      handled!.push(rate)
      return rate
    }
    const first = round % 2 === 0 ? await run() : await bare.run(eventsPerRound)
    const other = round % 2 === 0 ? await bare.run(eventsPerRound) : await run()
    const [ours, theirs] = round % 2 === 0 ? [first, other] : [other, first]
    bareRates!.push(theirs)
    ratios!.push(ours / theirs)
  }
  await bare.stop()
  const what = `outbox to handler / bare loop, events/s: ${median(handled!).toFixed(0)} / ${median(bareRates!).toFixed(0)}`
  print({ name: 'stack', what, value: median(ratios!), unit: 'x', goal: 0.6, better: 'higher' })
  print({
    name: 'stack',
    what: 'outbox to broker, events/s over three partitions',
    value: median(published!),
    unit: '/s',
    goal: 30_000,
    better: 'higher',
  })
}

/** From the commit of a write until the broker has stored the record, and until a plain client has it. */
async function acknowledged({ brokers }: System): Promise<void> {
  await stampWhenStored(brokers, 'task-created')
  const consumer = new Consumer({ clientId: 'bench', bootstrapBrokers: [brokers], groupId: randomUUID() })
  const stream = await consumer.consume({ topics: ['task-created'], mode: 'latest', maxWaitTime: 500 })
  const arrived = new Map<string, { stored: number; read: number }>()
  stream.on('data', ({ key, timestamp }) => {
    // The broker cuts off the part of the millisecond: the worst is taken.
    arrived.set(key.toString(), { stored: Number(timestamp) + 1, read: now() })
  })
  const committed = new Map<string, number>()
  for (let index = 0; index < acknowledgedEvents; index++) {
    const [task] = await addTasks(1)
    committed.set(task!, now())
    wake(['outbox-relay'])
    await sleep(20)
  }
  while ([...committed.keys()].some((task) => !arrived.has(task))) await sleep(10)
  await stream.close()
  await consumer.close(true)
  const msUntil = (what: 'stored' | 'read') =>
    [...committed].map(([task, at]) => arrived.get(task)![what] - at)
  const value = (ms: number[], q: number) => quantile(ms, q).toFixed(1)
  const read = msUntil('read')
  print({
    name: 'stack',
    what: `commit to stored by the broker p99, 50/s (read by a client: p50 ${value(read, 0.5)}, p99 ${value(read, 0.99)} ms)`,
    value: quantile(msUntil('stored'), 0.99),
    unit: 'ms',
    goal: 10,
    better: 'lower',
  })
}

const now = () => performance.timeOrigin + performance.now()

/** Makes the broker write the instant of storing into each record, instead of the producer's own. */
async function stampWhenStored(brokers: string, topic: string): Promise<void> {
  const admin = new Admin({ clientId: 'bench', bootstrapBrokers: [brokers] })
  const stamp = {
    name: 'message.timestamp.type',
    value: 'LogAppendTime',
    configOperation: IncrementalAlterConfigOperationTypes.SET,
  }
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configs: [stamp] }
  await admin.incrementalAlterConfigs({ resources: [resource] })
  await admin.close()
}

/** 100,000 reminders at one instant, until each has its notification. */
async function burst({ user }: System): Promise<void> {
  await plan(user, burstReminders, "interval '20 seconds'")
  await until(async () => (await count(sql`notifications`)) >= burstReminders, 1_000)
  const [late] = await sql<[{ ms: number }]>`
    select (extract(epoch from max(created_at - remind_at)) * 1000)::float8 as ms
    from notifications`
  const what = `${burstReminders} due at one instant, all handled`
  print({ name: 'stack', what, value: late.ms / 1000, unit: 's', goal: 10, better: 'lower' })
}

/** Tasks with their events, as `task-create` writes them, in one statement. */
async function addTasks(number: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    with task as (
      insert into tasks (user_id, title)
      select users[1 + position % cardinality(users)], 'bench'
      from generate_series(1, ${number}) as position
      cross join (select array_agg(id) as users from users) as given
      returning *
    ),
    logged as (
      insert into task_event_log (task_id, user_id, event_type, topic, event_data)
      select id, user_id, 'task.created', 'task-created', jsonb_build_object(
        'task_id', id, 'user_id', user_id, 'title', title, 'status', status, 'priority', priority, 'tags', tags,
        'due_date', null, 'due_at', null, 'recurring_task_id', null, 'occurrence', null, 'completed_at', null,
        'version', version, 'timestamp', rfc3339(created_at))
      from task
      returning id, created_at, task_id
    )
    insert into outbox (event_id, event_time, topic, partition_key)
    select id, created_at, 'task-created', task_id
    from logged
    returning partition_key as id`
  return rows.map(({ id }) => id)
}

/** Asked again and again while the system works: neither question may cost what it has to do it with. */
const queueIsEmpty = async (): Promise<boolean> =>
  (await sql<[{ empty: boolean }]>`select not exists (select from outbox) as empty`)[0].empty
const counted = async (): Promise<number> =>
  (await sql<[{ sum: number }]>`select coalesce(sum(created), 0)::integer as sum from task_statistics`)[0].sum

const count = async (from: ReturnType<typeof sql>): Promise<number> =>
  (await sql<[{ count: number }]>`select count(*) from ${from}`)[0].count

async function until(condition: () => Promise<boolean>, pauseMs = 20): Promise<void> {
  while (!(await condition())) await sleep(pauseMs)
}
