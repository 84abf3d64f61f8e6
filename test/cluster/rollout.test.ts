import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUp, type Client, type Reply } from './client.ts'
import { allHandled, database } from './database.ts'
import { eventually, inTodo, isReady, list } from './kubectl.ts'
import { measured, spread } from './measured.ts'

let ada: Client
let sql: Awaited<ReturnType<typeof database>>
beforeAll(async () => {
  sql = await database()
  ada = await signUp()
})
afterAll(() => sql.end())

type Change = { annotations?: Record<string, string | null>; image?: string }

/** Gives a function a new revision, and answers its name. */
async function revise(name: string, { annotations, image }: Change): Promise<string> {
  const before = await latest(name)
  if (annotations) {
    const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } })
    await inTodo('patch', 'ksvc', name, '--type=merge', '--patch', patch)
  }
  if (image) {
    const patch = JSON.stringify([
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: image },
    ])
    await inTodo('patch', 'ksvc', name, '--type=json', '--patch', patch)
  }
  await eventually('a new revision', async () => (await latest(name)) !== before, 30_000)
  return latest(name)
}
const latest = (name: string) =>
  inTodo('get', 'ksvc', name, '--output', 'jsonpath={.status.latestCreatedRevisionName}')
const image = (name: string) =>
  inTodo('get', 'ksvc', name, '--output', 'jsonpath={.spec.template.spec.containers[0].image}')
const serving = (name: string) =>
  inTodo('get', 'ksvc', name, '--output', 'jsonpath={.status.traffic[*].revisionName}')

/** Adds tasks, `perSecond` a second, until it is told to stop. */
function flow(perSecond: number): { stop(): Promise<Reply<{ id: string }>[]> } {
  const state = { over: false }
  const asked: Promise<Reply<{ id: string }>>[] = []
  const running = (async () => {
    for (let index = 0; !state.over; index++) {
      asked.push(ada.call<{ id: string }>('POST', '/api/tasks', { title: `flow ${index}` }))
      await sleep(1000 / perSecond)
    }
  })()
  return {
    async stop() {
      state.over = true
      await running
      return Promise.all(asked)
    },
  }
}

describe('a new revision, while tasks are added all the time,', () => {
  test.each(['task-create', 'task-statistics', 'outbox-relay'])('of %s loses nothing', async (name) => {
    const flowing = flow(50)
    await sleep(2_000)
    const startedAt = performance.now()
    const revision = await revise(name, { annotations: { 'todo/try': String(Date.now()) } })
    await eventually('it serves', async () => (await serving(name)) === revision, 120_000)
    const took = performance.now() - startedAt
    await sleep(3_000)
    const replies = await flowing.stop()
    measured(
      `new revision of ${name} at 50/s`,
      `serves after ${(took / 1000).toFixed(1)} s; ${spread(replies.map(({ ms }) => ms))}`,
    )
    expect(replies.filter(({ status }) => status !== 201)).toEqual([])
    await allHandled(sql, ada.userId)
    const made = replies.map(({ body }) => body.id)
    const [{ kept }] = await sql<
      [{ kept: number }]
    >`select count(*)::int as kept from tasks where id = any(${made})`
    expect(kept).toBe(replies.length)
    const { statistics } = (await ada.call<{ statistics: { created: number } }>('GET', '/api/me')).body
    const [{ tasks }] = await sql<
      [{ tasks: number }]
    >`select count(*)::int as tasks from tasks where user_id = ${ada.userId}`
    expect(statistics.created).toBe(tasks)
  })
})

test('a revision that cannot start gets no request', async () => {
  const [before, good] = [await serving('task-create'), await image('task-create')]
  const flowing = flow(10)
  const bad = await revise('task-create', { image: 'dev.local/todo/none:local' })
  try {
    await sleep(15_000)
    const [revision] = await list(
      'revisions',
      `serving.knative.dev/service=task-create,serving.knative.dev/configurationGeneration=${await generation('task-create')}`,
    )
    expect(revision!.metadata.name).toBe(bad)
    expect(isReady(revision!)).toBe(false)
    expect(await serving('task-create')).toBe(before)
  } finally {
    await revise('task-create', { image: good })
  }
  const replies = await flowing.stop()
  expect(replies.filter(({ status }) => status !== 201)).toEqual([])
  await eventually('it is ready again', async () =>
    isReady((await list('ksvc', 'app.kubernetes.io/name=task-create'))[0]!),
  )
})

const generation = (name: string) =>
  inTodo('get', 'ksvc', name, '--output', 'jsonpath={.metadata.generation}')
