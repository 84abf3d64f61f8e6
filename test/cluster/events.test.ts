import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rows } from '../../functions/manifest.ts'
import { triggerOf } from '../../local/render/table.ts'
import { signUp, type Client } from './client.ts'
import { allHandled, database } from './database.ts'
import { eventually, inTodo, podsOf } from './kubectl.ts'
import { measured, spread } from './measured.ts'
import { startSlowMail } from './slow-mail.ts'

let ada: Client
let sql: Awaited<ReturnType<typeof database>>
beforeAll(async () => {
  sql = await database()
  ada = await signUp()
})
afterAll(() => sql.end())

const atZero = async (name: string) => (await podsOf(name)).length === 0
const addTask = (title: string, more: object = {}, client = ada) =>
  client.call<{ id: string }>('POST', '/api/tasks', { title, ...more })

/** Milliseconds from the event to its receipt, of the newest events of a task. */
const handledAfter = async (taskId: string, consumer: string): Promise<number | undefined> => {
  const [row] = await sql<{ ms: number }[]>`
    select extract(epoch from handled_at - logged.created_at)::float * 1000 as ms
    from task_event_log as logged
    join inbox on inbox.event_id = logged.id and inbox.event_time = logged.created_at
    where logged.task_id = ${taskId} and inbox.consumer = ${consumer}
    order by logged.created_at desc
    limit 1`
  return row?.ms
}

test('event functions go to zero when nothing happens, and an event wakes them', async () => {
  const events = rows.filter(([, row]) => row.trigger === 'event').map(([name]) => name)
  await eventually(
    'all event functions are at zero',
    async () => (await Promise.all(events.map(atZero))).every(Boolean),
    240_000,
  )
  const { body } = await addTask('wakes task-statistics')
  let ms: number | undefined
  await eventually(
    'it is handled',
    async () => (ms = await handledAfter(body.id, 'task-statistics')) !== undefined,
  )
  measured('event to handled, from zero', `${Math.round(ms!)} ms`)

  const warm: number[] = []
  for (let index = 0; index < 100; index++) {
    const { body: task } = await addTask(`warm ${index}`)
    await sleep(50)
    await eventually('it is handled', async () => {
      const after = await handledAfter(task.id, 'task-statistics')
      if (after !== undefined) warm.push(after)
      return after !== undefined
    })
  }
  measured('event to handled, warm', spread(warm))
  expect(warm).toHaveLength(100)
})

test('a burst of 200 mails of half a second each: from zero to several instances and back, each sent once', async () => {
  const mail = await startSlowMail(500)
  try {
    const bob = await signUp()
    const due = new Date(Date.now() + 20_000).toISOString()
    for (let index = 0; index < 200; index++) {
      expect((await addTask(`burst ${index}`, { due_date: due }, bob)).status).toBe(201)
    }
    const sent = async () =>
      (
        await sql<[{ sent: number }]>`
          select count(*)::int as sent from deliveries
          where user_id = ${bob.userId} and channel = 'email' and state = 'sent'`
      )[0].sent
    await eventually('they are due', async () => Date.now() > Date.parse(due), 60_000)
    const startedAt = Date.now()
    let most = 0
    await eventually(
      'all are sent',
      async () => {
        most = Math.max(most, (await podsOf('notification-email')).length)
        return (await sent()) === 200
      },
      240_000,
    )
    measured(
      '200 mails of 0.5 s',
      `${((Date.now() - startedAt) / 1000).toFixed(1)} s, at most ${most} instances`,
    )
    expect(most).toBeGreaterThan(1)
    expect((await mail.received()).get(bob.email)).toBe(200)
    await eventually('it is at zero again', () => atZero('notification-email'), 240_000)
  } finally {
    await mail.stop()
  }
})

test('two clocks of a schedule do no harm: a reminder fires once', async () => {
  const triggers = rows.filter(([, row]) => row.trigger === 'schedule').map(([name]) => triggerOf(name))
  const scale = (replicas: number) =>
    inTodo('scale', 'deployment', ...triggers, `--replicas=${replicas}`).then(() =>
      Promise.all(triggers.map((name) => inTodo('rollout', 'status', 'deployment', name, '--timeout=120s'))),
    )
  await scale(2)
  try {
    const carol = await signUp()
    const due = new Date(Date.now() + 6_000).toISOString()
    for (let index = 0; index < 30; index++) await addTask(`twice ${index}`, { due_date: due }, carol)
    // Since yesterday, so that the first one is late and the next one is due in a moment.
    const starts = new Date(Date.now() - 86_400_000 + 6_000).toISOString()
    const series = { title: 'twice', recurrence_type: 'daily', start_date: starts }
    const { body } = await carol.call<{ id: string }>('POST', '/api/recurring-tasks', series)
    const fired = () => sql<{ title: string; count: number }[]>`
      select title, count(*)::int as count from notifications where user_id = ${carol.userId} group by task_id, title`
    await eventually('all have fired', async () => (await fired()).length >= 32)
    await allHandled(sql, carol.userId)
    await sleep(3_000)
    expect((await fired()).filter(({ count }) => count !== 1)).toEqual([])
    expect(await sql`select 1 from tasks where recurring_task_id = ${body.id}`).toHaveLength(2)
  } finally {
    await scale(1)
  }
})
