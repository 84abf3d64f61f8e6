/** Clients that use the system and write down what they asked and what came back. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation, Outcome } from './history.ts'
import type { Random } from './random.ts'

export type User = { id: string; token: string }

const requestTimeoutMs = 8_000

/** Signs somebody up, before anything is broken. */
export async function newUser(url: string): Promise<User> {
  const send = async <T>(path: string, token: string, body?: object): Promise<T> => {
    const reply = await fetch(`${url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}`)
    return (await reply.json()) as T
  }
  const account = { name: 'Test', email: `${randomUUID()}@example.org`, password: 'a long password' }
  const session = await send<{ token: string; user: { id: string } }>('/api/auth/sign-up/email', '', account)
  const { token } = await send<{ token: string }>('/api/auth/token', session.token)
  return { id: session.user.id, token }
}

type Own = { id: string; closed: boolean }

/**
 * Uses the system as `user` until `isOver`, `perSecond` operations at most, one after another, and writes down what was asked.
 * `others` are tasks of somebody else, to be tried; the tasks of this user are added to `mine`.
 */
export async function useSystem(
  url: string,
  user: User,
  random: Random,
  {
    isOver,
    perSecond,
    mine,
    others,
    operations,
  }: {
    isOver: () => boolean
    perSecond: number
    mine: string[]
    others: string[]
    operations: Operation[]
  },
): Promise<void> {
  const own: Own[] = []

  async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const atMs = Date.now()
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    })
      .then(async (reply) => ({ status: reply.status, body: await reply.text() }))
      .catch(() => ({ status: 0, body: '' }))
    return { user: user.id, atMs, outcome: outcomeOf(answer.status), ...answer }
  }

  async function create(title = `task ${randomUUID()}`, key: string = randomUUID()): Promise<void> {
    const due =
      random.next() < 0.3 ? { due_date: new Date(Date.now() + 200 + random.next() * 800).toISOString() } : {}
    // The same key must come with the same body.
    const body = bodies.get(key) ?? { title, ...due }
    bodies.set(key, body)
    const asked = await ask('POST', '/api/tasks', body, { 'idempotency-key': key })
    const task = asked.outcome === 'ok' ? (JSON.parse(asked.body) as { id: string }).id : undefined
    operations.push({
      ...asked,
      kind: 'create',
      title: body.title,
      key,
      ...(body.due_date && { due: body.due_date }),
      ...(task && { task }),
    })
    if (task && !mine.includes(task)) {
      own.push({ id: task, closed: false })
      mine.push(task)
    }
  }
  const bodies = new Map<string, { title: string; due_date?: string }>()

  /** A daily series that began a day ago but for a moment: its second occurrence is due in that moment. */
  async function recur(): Promise<void> {
    const start_date = new Date(Date.now() - 86_400_000 + 200 + random.next() * 1_000).toISOString()
    const body = { title: `series ${randomUUID()}`, recurrence_type: 'daily', start_date }
    const asked = await ask('POST', '/api/recurring-tasks', body)
    const series = asked.outcome === 'ok' ? (JSON.parse(asked.body) as { id: string }).id : undefined
    operations.push({ ...asked, kind: 'recur', ...(series && { series }) })
  }

  async function change(kind: 'update' | 'complete' | 'delete', task: Own): Promise<void> {
    const path = `/api/tasks/${task.id}`
    if (kind === 'update') {
      const title = `renamed ${randomUUID()}`
      operations.push({ ...(await ask('PATCH', path, { title })), kind, task: task.id, title })
      return
    }
    task.closed = true
    const asked = kind === 'complete' ? await ask('POST', `${path}/complete`, {}) : await ask('DELETE', path)
    operations.push({ ...asked, kind, task: task.id })
  }

  const actions: [weight: number, act: () => Promise<void>][] = [
    [40, () => create()],
    [6, recur],
    [
      8,
      async () => {
        const last = operations.findLast((operation) => operation.kind === 'create')
        await (last ? create(last.title, last.key) : create())
      },
    ],
    ...(['update', 'complete', 'delete'] as const).map((kind, index): [number, () => Promise<void>] => [
      [25, 8, 6][index]!,
      async () => {
        const open = own.filter(({ closed }) => !closed)
        await (open.length > 0 ? change(kind, random.pick(open)) : create())
      },
    ]),
    [
      6,
      async () => {
        if (others.length === 0) return
        const task = random.pick(others)
        operations.push({ ...(await ask('GET', `/api/tasks/${task}`)), kind: 'steal', task })
      },
    ],
    [
      6,
      async () => {
        const asked = await ask('GET', '/api/tasks')
        const items =
          asked.outcome === 'ok' ? (JSON.parse(asked.body) as { items: { user_id: string }[] }).items : []
        operations.push({ ...asked, kind: 'list', owners: items.map(({ user_id }) => user_id) })
      },
    ],
  ]
  const choices = actions.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))

  while (!isOver()) {
    const startedAt = performance.now()
    await random.pick(choices)()
    await sleep(Math.max(0, 1000 / perSecond - (performance.now() - startedAt)))
  }
}

/** A refusal was not done. An error of the server, or none of its answers, leaves it open. */
const outcomeOf = (status: number): Outcome =>
  status >= 200 && status < 300
    ? 'ok'
    : status >= 400 && status < 500 && status !== 409 && status !== 429
      ? 'fail'
      : 'unknown'
