/** Who sleeps until something is due is woken by what makes something due earlier, and left alone by all else. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import recurringTaskUpdate from '../../functions/http/recurring-task-update/handler.ts'
import taskComplete from '../../functions/http/task-complete/handler.ts'
import taskCreate from '../../functions/http/task-create/handler.ts'
import taskDelete from '../../functions/http/task-delete/handler.ts'
import taskReopen from '../../functions/http/task-reopen/handler.ts'
import taskUndo from '../../functions/http/task-undo/handler.ts'
import taskUpdate from '../../functions/http/task-update/handler.ts'
import { onWake, type Sleeper } from '../../shared/data/signal.ts'
import { useDatabase } from '../../shared/testing/database.ts'
import { startSeries } from '../../shared/testing/series.ts'
import { until } from '../../shared/testing/until.ts'
import { signIn, type TestUser } from '../../shared/testing/user.ts'

useDatabase()

const sleepers = ['outbox-relay', 'due-scan', 'recurrence-scan'] as const
const woken = new Set<Sleeper>()
let stops: (() => Promise<void>)[]
beforeAll(async () => {
  stops = await Promise.all(sleepers.map((sleeper) => onWake(sleeper, () => woken.add(sleeper))))
})
afterAll(() => Promise.all(stops.map((stop) => stop())))

let user: TestUser
beforeEach(async () => {
  user = await signIn()
})

const due_date = '2030-01-15T17:00:00Z'
const ask = async (app: typeof taskCreate, method: string, path: string, body?: object) => {
  const init = { method, headers: user.headers, ...(body && { body: JSON.stringify(body) }) }
  const reply = await app.request(path, init)
  expect(reply.status).toBeLessThan(300)
  return reply
}
const created = async () => {
  const reply = await ask(taskCreate, 'POST', '/api/tasks', { title: 'x', due_date })
  return ((await reply.json()) as { id: string }).id
}
const to = (id: string, rest = '') => `/api/tasks/${id}${rest}`

/** Somebody was woken, and whoever else is has been heard. */
async function heard(): Promise<void> {
  await until(() => woken.size > 0)
  await sleep(50)
}

/** What was woken by the last of it: whatever came before has been heard. */
async function wokenBy(last: () => Promise<unknown>): Promise<Sleeper[]> {
  await heard()
  woken.clear()
  await last()
  await heard()
  return sleepers.filter((sleeper) => woken.has(sleeper))
}

describe('the due scan is woken by a task', () => {
  const wakes: [string, (id: string) => Promise<() => Promise<unknown>>][] = [
    ['that is added', async () => created],
    ['that is changed', async (id) => () => ask(taskUpdate, 'PATCH', to(id), { due_date: '2030-01-14' })],
    [
      'that is opened again',
      async (id) => {
        await ask(taskComplete, 'POST', to(id, '/complete'))
        return () => ask(taskReopen, 'POST', to(id, '/reopen'))
      },
    ],
    [
      'whose deletion is taken back',
      async (id) => {
        await ask(taskDelete, 'DELETE', to(id))
        return () => ask(taskUndo, 'POST', to(id, '/undo'))
      },
    ],
  ]
  test.each(wakes)('%s', async (_, prepare) => {
    expect(await wokenBy(await prepare(await created()))).toEqual(['outbox-relay', 'due-scan'])
  })
})

test('a task that is done concerns the relay alone', async () => {
  const id = await created()
  expect(await wokenBy(() => ask(taskComplete, 'POST', to(id, '/complete')))).toEqual(['outbox-relay'])
})

test('the recurrence scan is woken by a series that is changed', async () => {
  const { id } = await startSeries(user, { start_date: due_date })
  const change = { recurrence_type: 'daily' }
  const last = () => ask(recurringTaskUpdate, 'PATCH', `/api/recurring-tasks/${id}`, change)
  expect(await wokenBy(last)).toContain('recurrence-scan')
})
