/** Two that want the same occurrence at the same moment: one of them makes it, and there is one next. */
import { afterEach, describe, expect, test } from 'vitest'
import occurrenceSkip from '../../functions/http/occurrence-skip/handler.ts'
import taskComplete from '../../functions/http/task-complete/handler.ts'
import { sql } from '../../shared/data/sql.ts'
import { travel, travelTo, useDatabase, waitingForLock } from '../../shared/testing/database.ts'
import { announced, deliver, scan, startSeries, tasksOfSeries } from '../../shared/testing/series.ts'
import { eventsOf } from '../../shared/testing/task.ts'
import { until } from '../../shared/testing/until.ts'
import { signIn } from '../../shared/testing/user.ts'

useDatabase()
afterEach(async () => {
  await sql`update recurring_tasks set deleted_at = clock_now(), is_active = false where deleted_at is null`
  await travel('0')
})

/** A daily series whose second occurrence is due and not announced. */
async function dueSeries() {
  await travelTo('2030-01-01T08:00:00Z')
  const user = await signIn()
  const start_date = '2030-01-01T09:00:00Z'
  const { id, open_task_id } = await startSeries(user, { recurrence_type: 'daily', start_date })
  await travelTo('2030-01-02T09:00:01Z')
  const complete = async () => {
    const path = `/api/tasks/${open_task_id}/complete`
    const reply = await taskComplete.request(path, { method: 'POST', headers: user.headers })
    expect(reply.status).toBe(200)
    return reply.text()
  }
  /** One that is no task yet. */
  const skip = async (key: string) => {
    const path = `/api/recurring-tasks/${id}/occurrences/${key}/skip`
    return (await occurrenceSkip.request(path, { method: 'POST', headers: user.headers })).text()
  }
  return { id, user, taskId: open_task_id!, complete, skip }
}

/** Starts each while the series is locked, in this order, lets go of it, and answers what they answer. */
async function afterLock<T>(id: string, works: (() => Promise<T>)[]): Promise<T[]> {
  const started = await sql.begin(async (tx) => {
    await tx`select from recurring_tasks where id = ${id} for update`
    const running: Promise<T>[] = []
    for (const work of works) {
      running.push(work())
      await until(async () => (await waitingForLock()) === running.length)
    }
    return { all: Promise.all(running) }
  })
  return started.all
}

/** Its tasks, each made and closed by one event. */
async function outcomes(id: string): Promise<string[]> {
  const tasks = await tasksOfSeries(id)
  for (const task of tasks) {
    const types = (await eventsOf(task.id)).map(({ event_type }) => event_type)
    expect(types).toEqual([...new Set(types)])
  }
  return tasks.map(({ occurrence, status }) => `${occurrence.slice(0, 10)} ${status}`)
}

const closedAndNext = ['2030-01-01 missed', '2030-01-02 done', '2030-01-03 open']

test('two completions at once: the same answer, one next', async () => {
  const { id, complete } = await dueSeries()
  const replies = await afterLock(id, [complete, complete])
  expect(replies[1]).toBe(replies[0])
  expect(await outcomes(id)).toEqual(closedAndNext)
})

test('a completion that waited for a skip does not make what was skipped', async () => {
  const { id, complete, skip } = await dueSeries()
  const [skipped] = await afterLock(id, [async () => skip('2030-01-03T09:00:00'), complete])
  expect(skipped).toContain('"skipped":["2030-01-03T09:00:00"]')
  expect(await outcomes(id)).toEqual(['2030-01-01 missed', '2030-01-02 done', '2030-01-04 open'])
})

test('a completion that is one transaction with its idempotency key locks the series before the task', async () => {
  const { id, user, taskId } = await dueSeries()
  const headers = { ...user.headers, 'idempotency-key': 'once' }
  const { done } = await sql.begin(async (tx) => {
    await tx`select from recurring_tasks where id = ${id} for update`
    const done = taskComplete.request(`/api/tasks/${taskId}/complete`, { method: 'POST', headers })
    await until(async () => (await waitingForLock()) === 1)
    await tx`select from tasks where id = ${taskId} for no key update nowait`
    return { done }
  })
  expect((await done).status).toBe(200)
})

test('two scans at once announce it once, and two deliveries at once make it once', async () => {
  const { id } = await dueSeries()
  await Promise.all([scan(), scan()])
  const events = await announced(id)
  expect(events).toHaveLength(1)
  await Promise.all([deliver(events[0]), deliver(events[0])])
  expect(await outcomes(id)).toEqual(['2030-01-01 missed', '2030-01-02 open'])
})

test('a scan leaves a series to the completion that has it, and finds nothing to do afterwards', async () => {
  const { id, complete } = await dueSeries()
  const scanned = async () => {
    await scan()
    return complete()
  }
  await afterLock(id, [scanned])
  await scan()
  expect(await announced(id)).toEqual([])
  expect(await outcomes(id)).toEqual(closedAndNext)
})

describe('a completion and the delivery of what the scan announced', () => {
  test('the completion first: the delivery makes nothing', async () => {
    const { id, complete } = await dueSeries()
    await scan()
    const [event] = await announced(id)
    await afterLock<unknown>(id, [complete, async () => deliver(event)])
    expect(await outcomes(id)).toEqual(closedAndNext)
  })

  test('the delivery first: what was missed by it is done after all, and the new one is the next', async () => {
    const { id, complete } = await dueSeries()
    await scan()
    const [event] = await announced(id)
    await afterLock<unknown>(id, [async () => deliver(event), complete])
    expect(await outcomes(id)).toEqual(['2030-01-01 done', '2030-01-02 open'])
  })
})
