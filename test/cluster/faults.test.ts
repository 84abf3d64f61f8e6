import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signUp, type Client } from './client.ts'
import { allHandled, database } from './database.ts'
import { eventually, inTodo, kubectl, podsOf } from './kubectl.ts'
import { measured, spread } from './measured.ts'

const run = promisify(execFile)

let ada: Client
let sql: Awaited<ReturnType<typeof database>>
beforeAll(async () => {
  sql = await database()
  ada = await signUp()
})
afterAll(() => sql.end())

const kill = (...args: string[]) =>
  kubectl('delete', 'pod', '--grace-period=0', '--force', '--wait=false', ...args)
const first = async (name: string) => (await podsOf(name))[0]!
const ofTrigger = async (name: string) =>
  await inTodo(
    'get',
    'pods',
    '--selector',
    `app.kubernetes.io/name=${name}-trigger`,
    '--output',
    'jsonpath={.items[0].metadata.name}',
  )

/** By which the broker of the test installation is killed and started again; by default its pod is deleted. */
const killBroker =
  process.env['KILL_BROKER'] ?? 'kubectl --namespace todo delete pod redpanda-0 --grace-period=0 --force'

const faults: Record<string, () => Promise<unknown>> = {
  'a function of the API': async () => kill('--namespace', 'todo', await first('task-create')),
  'the relay': async () => kill('--namespace', 'todo', await first('outbox-relay')),
  'a trigger': async () => kill('--namespace', 'todo', await ofTrigger('task-statistics')),
  'an event function': async () => kill('--namespace', 'todo', await first('task-statistics')),
  "Knative's ingress": () =>
    kill('--namespace', 'kourier-system', '--selector', 'app=3scale-kourier-gateway'),
  "Knative's activator": () => kill('--namespace', 'knative-serving', '--selector', 'app=activator'),
  'the broker': () => run('sh', ['-c', killBroker]),
}

describe('killed while tasks are added, and nothing is lost or counted twice:', () => {
  test.each(Object.keys(faults))('%s', async (fault) => {
    const before = await counts()
    const flow = { over: false }
    const tries: number[] = []
    /** As any client does that gives its write a key: what had no answer is asked again, until it has one. */
    const flowing = (async () => {
      const asked: Promise<void>[] = []
      while (!flow.over) {
        asked.push(addOne())
        await sleep(50)
      }
      await Promise.all(asked)
    })()
    async function addOne() {
      const [key, startedAt] = [randomUUID(), performance.now()]
      for (let attempt = 1; ; attempt++) {
        const { status } = await ada.call('POST', '/api/tasks', { title: fault }, { 'idempotency-key': key })
        if (status === 201) return void tries.push(performance.now() - startedAt)
        if (attempt === 60) throw new Error(`A task could not be added: ${status}`)
        await sleep(500)
      }
    }
    await sleep(3_000)
    await faults[fault]!()
    await sleep(10_000)
    flow.over = true
    await flowing
    await allHandled(sql, ada.userId, 240_000)
    const after = await counts()
    measured(`${fault} killed`, `${tries.length} tasks added, ${spread(tries)} with repeats`)
    expect(after.tasks - before.tasks).toBe(tries.length)
    expect(after.counted - before.counted).toBe(tries.length)
    await eventually('everything runs again', async () => (await pending()) === '', 120_000)
  })
})

async function counts(): Promise<{ tasks: number; counted: number }> {
  const [{ tasks }] = await sql<
    [{ tasks: number }]
  >`select count(*)::int as tasks from tasks where user_id = ${ada.userId}`
  const { statistics } = (await ada.call<{ statistics: { created: number } }>('GET', '/api/me')).body
  return { tasks, counted: statistics.created }
}

const pending = () =>
  inTodo(
    'get',
    'deployments',
    '--selector',
    'app.kubernetes.io/component=trigger',
    '--output',
    'jsonpath={range .items[?(@.status.unavailableReplicas>0)]}{.metadata.name} {end}',
  )
