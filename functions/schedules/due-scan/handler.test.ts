import { describe, expect, test } from 'vitest'
import { sql } from '../../../shared/data/sql.ts'
import { drain } from '../../../shared/runtime/drain.ts'
import { inContext } from '../../../shared/testing/context.ts'
import { appToken, travel, useDatabase } from '../../../shared/testing/database.ts'
import { until } from '../../../shared/testing/until.ts'
import { signIn } from '../../../shared/testing/user.ts'
import createTask from '../../http/task-create/handler.ts'
import app from './handler.ts'
import { fireReminders } from './fire.ts'

useDatabase()

async function createDue(due_date: string): Promise<string> {
  const user = await signIn()
  const reply = await createTask.request('/api/tasks', {
    method: 'POST',
    headers: user.headers,
    body: JSON.stringify({ title: 'x', due_date }),
  })
  return ((await reply.json()) as { id: string }).id
}

const firedOf = (taskId: string) => sql<{ early: boolean; event_data: Record<string, unknown> }[]>`
  select logged.created_at < (logged.event_data ->> 'remind_at')::timestamptz as early, logged.event_data
  from task_event_log as logged
  join outbox on outbox.event_id = logged.id and outbox.topic = 'task-due-soon'
  where logged.task_id = ${taskId}`

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

describe('a tick', () => {
  test('is refused without the token of the sidecar', async () => {
    const reply = await app.request('/schedules/due-scan', {
      method: 'POST',
      headers: { 'dapr-api-token': 'wrong' },
    })
    expect(reply.status).toBe(403)
  })

  test('fires at the instant, not at the next tick: also what is planned while it sleeps', async () => {
    await app.request('/schedules/due-scan', { method: 'POST', headers: { 'dapr-api-token': appToken } })
    const id = await createDue(inMs(400))
    expect(await firedOf(id)).toHaveLength(0)
    await until(async () => (await firedOf(id)).length > 0, 2_000)
    expect((await firedOf(id))[0]!.early).toBe(false)
    await drain()
  })
})

describe('a round', () => {
  test('announces a due reminder once, with what was planned', async () => {
    const id = await createDue('2020-01-01T00:00:00Z')
    await inContext(fireReminders)
    await inContext(fireReminders)
    const fired = await firedOf(id)
    expect(fired).toHaveLength(1)
    expect(fired[0]!.event_data).toMatchObject({
      task_id: id,
      title: 'x',
      remind_at: '2020-01-01T00:00:00+00:00',
    })
    expect(await sql`select state from reminders where task_id = ${id}`).toEqual([{ state: 'fired' }])
  })

  test('leaves what is not due yet, and says when it will be', async () => {
    const id = await createDue(inMs(60_000))
    const sleepMs = await inContext(fireReminders)
    expect(await firedOf(id)).toHaveLength(0)
    expect(sleepMs).toBeGreaterThan(50_000)
    expect(sleepMs).toBeLessThanOrEqual(60_000)
  })

  test('makes up for a time in which nothing ran', async () => {
    const id = await createDue(inMs(3_600_000))
    await travel('2 days')
    await inContext(fireReminders)
    expect(await firedOf(id)).toHaveLength(1)
    await travel('0')
  })

  test('two rounds at once announce each reminder once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => createDue('2020-01-01T00:00:00Z')))
    await Promise.all([inContext(fireReminders), inContext(fireReminders), inContext(fireReminders)])
    for (const id of ids) expect(await firedOf(id)).toHaveLength(1)
  })
})
