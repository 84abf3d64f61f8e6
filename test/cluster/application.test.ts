import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../../functions/manifest.ts'
import { ask, signUp, type Client } from './client.ts'
import { allHandled, database } from './database.ts'
import { eventually, kubectl, list, reach } from './kubectl.ts'
import { measured } from './measured.ts'

let ada: Client
let sql: Awaited<ReturnType<typeof database>>
beforeAll(async () => {
  sql = await database()
  ada = await signUp()
})
afterAll(() => sql.end())

type Task = { id: string; status: string; due_date: string; recurring_task_id: string | null }
type Series = { id: string; next_due_at: string; is_active: boolean }

test('every function of the manifest is a Knative Service, and nothing else is', async () => {
  const services = await list('ksvc')
  expect(services.map(({ metadata }) => metadata.name).toSorted()).toEqual(
    rows.map(([name]) => name).toSorted(),
  )
})

describe('what somebody does with tasks:', () => {
  test('a task is added, found, changed, completed, and its history told', async () => {
    const { status, body: task } = await ada.call<Task>('POST', '/api/tasks', {
      title: 'Report',
      due_date: '2030-01-15T17:00:00Z',
    })
    expect(status).toBe(201)
    const path = `/api/tasks/${task.id}`
    expect((await ada.call<Task>('PUT', path, { title: 'The report' })).status).toBe(200)
    expect((await ada.call<Task>('POST', `${path}/complete`)).body.status).toBe('done')
    expect((await ada.call<{ items: Task[] }>('GET', '/api/tasks')).body.items.map(({ id }) => id)).toContain(
      task.id,
    )
    await allHandled(sql, ada.userId)
    expect(
      (await ada.call<{ statistics: { completed: number } }>('GET', '/api/me')).body.statistics.completed,
    ).toBe(1)
    expect((await ada.call<{ items: unknown[] }>('GET', `${path}/history`)).body.items).toHaveLength(3)
  })

  test('a series is started, makes its tasks, is paused and deleted', async () => {
    const { status, body: series } = await ada.call<Series>('POST', '/api/recurring-tasks', {
      title: 'Weekly Team Meeting',
      description: 'Standup meeting with the team',
      priority: 2,
      recurrence_type: 'weekly',
      recurrence_interval: 1,
      start_date: '2030-01-01T09:00:00Z',
      end_date: '2030-12-31T09:00:00Z',
    })
    expect([status, series.next_due_at]).toEqual([201, '2030-01-08T09:00:00Z'])
    const path = `/api/recurring-tasks/${series.id}`
    expect((await ada.call<{ total: number }>('GET', '/api/recurring-tasks')).body.total).toBe(1)
    expect((await ada.call<Series>('PUT', path, { is_active: false })).body.is_active).toBe(false)
    expect((await ada.call('DELETE', path)).status).toBe(204)
  })

  test('the task of a series that falls due now is made by an event', async () => {
    // Since yesterday, so that the next one is due in a moment.
    const start = new Date(Date.now() - 86_400_000 + 6_000).toISOString()
    const { body: series } = await ada.call<Series>('POST', '/api/recurring-tasks', {
      title: 'Every day',
      recurrence_type: 'daily',
      start_date: start,
    })
    const made = () => sql`select 1 from tasks where recurring_task_id = ${series.id}`
    await eventually('the second task', async () => (await made()).length > 1, 60_000)
    expect(await made()).toHaveLength(2)
  })

  test('a task that falls due is notified and mailed', async () => {
    const due = new Date(Date.now() + 3_000)
    const { body: task } = await ada.call<Task>('POST', '/api/tasks', {
      title: 'Tea & biscuits',
      due_date: due.toISOString(),
    })
    type Notification = { task_id: string; deliveries: { channel: string; state: string }[] }
    await eventually(
      'it is mailed',
      async () => {
        const { items } = (await ada.call<{ items: Notification[] }>('GET', '/api/notifications')).body
        const deliveries = items.find(({ task_id }) => task_id === task.id)?.deliveries ?? []
        return deliveries.length > 0 && deliveries.every(({ state }) => state === 'sent')
      },
      60_000,
    )
    const [{ ms }] = await sql<[{ ms: number }]>`
      select extract(epoch from created_at - ${due.toISOString()}::timestamptz)::float * 1000 as ms
      from notifications where task_id = ${task.id}`
    measured('due to notification', `${Math.round(ms)} ms`)
    const { host, port } = await reach('todo', 'mail', 8025)
    const query = encodeURIComponent(`to:${ada.email} subject:"Tea & biscuits"`)
    const found = await fetch(`http://${host}:${port}/api/v1/search?query=${query}`)
    expect(((await found.json()) as { messages: unknown[] }).messages).toHaveLength(1)
  })
})

describe('nobody outside reaches', () => {
  test('what only Dapr may call', async () => {
    for (const [name, path] of [
      ['task-statistics', '/events/task-statistics'],
      ['due-scan', '/schedules/due-scan'],
    ] as const) {
      for (const headers of [{}, { 'dapr-api-token': 'guessed' }]) {
        expect((await ask(name, 'POST', path, { body: {}, headers })).status).toBe(403)
      }
    }
  })

  test('any function by the ingress that faces outwards', async () => {
    const { host, port } = await reach('kourier-system', 'kourier', 80)
    for (const [name] of rows) {
      for (const domain of ['todo.svc.cluster.local', 'todo.example.com']) {
        const { status } = await askAt(host, port, `${name}.${domain}`)
        expect([name, status]).toEqual([name, 404])
      }
    }
  })
})

async function askAt(host: string, port: number, name: string): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    request({ host, port, path: '/healthz', headers: { host: name } }, ({ statusCode }) =>
      resolve({ status: statusCode! }),
    )
      .once('error', reject)
      .end()
  })
}

test('no object but the secrets holds a secret', async () => {
  const kinds =
    'ksvc,configurations.serving.knative.dev,revisions,routes,deployments,statefulsets,replicasets,pods,jobs,configmaps,components.dapr.io,subscriptions.dapr.io,configurations.dapr.io,resiliencies.dapr.io,serviceaccounts'
  const everything = await kubectl('--namespace', 'todo', 'get', kinds, '--output', 'yaml')
  const secrets = JSON.parse(await kubectl('--namespace', 'todo', 'get', 'secrets', '--output', 'json')) as {
    items: { data?: Record<string, string> }[]
  }
  const values = secrets.items
    .flatMap(({ data = {} }) => Object.values(data))
    .map((value) => Buffer.from(value, 'base64').toString())
    .filter((value) => value.length > 20)
  expect(values.length).toBeGreaterThan(2)
  for (const value of values) expect(everything.includes(value)).toBe(false)
})
