import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { rows, type FunctionName } from '../functions/manifest.ts'
import { delivery, type Topic } from '../shared/contract/events.ts'
import type { Outgoing } from '../shared/dapr/sidecar.ts'
import { configure } from '../shared/runtime/config.ts'
import { createBroker } from './broker.ts'
import type { Function } from './host.ts'

configure({ APP_API_TOKEN: 'token', LOG_LEVEL: 'error' })

type Delivery = { to: string; id: string; headers: Record<string, string> }
type Answer = (id: string, count: number) => Response | Promise<Response>

const success = () => Response.json({ status: 'SUCCESS' })

/** Subscribers that note what they get and answer as told; what is not told succeeds. */
function subscribers(answers: Partial<Record<FunctionName, Answer>>) {
  const deliveries: Delivery[] = []
  const functions = new Map<FunctionName, Function>()
  for (const [name] of rows) {
    const app = new Hono().post('/events/:name', async (c) => {
      const body = await c.req.json<{ id: string; entries?: { entryId: string; event: string }[] }>()
      const ids = body.entries?.map(({ event }) => idIn(event)) ?? [body.id]
      for (const id of ids) deliveries.push({ to: name, id, headers: c.req.header() })
      const answer = answers[name] ?? success
      if (!body.entries) return answer(body.id, countOf(deliveries, name, body.id))
      const statuses = body.entries.map(async ({ entryId, event }) => {
        const id = idIn(event)
        const reply = await answer(id, countOf(deliveries, name, id))
        return { entryId, ...((await reply.json()) as object) }
      })
      return c.json({ statuses: await Promise.all(statuses) })
    })
    functions.set(name, { name, fetch: async (request) => app.fetch(request) })
  }
  return { deliveries, publish: createBroker(functions) }
}

const idIn = (base64: string) => (JSON.parse(Buffer.from(base64, 'base64').toString()) as { id: string }).id

const countOf = (deliveries: Delivery[], to: string, id: string) =>
  deliveries.filter((delivered) => delivered.to === to && delivered.id === id).length

const outgoing = (topic: Topic, id: string, key = 'task'): Outgoing => ({
  topic,
  key,
  id,
  event: JSON.stringify({ id, type: 't', source: 's', time: '2026-01-01T00:00:00Z', data: {} }),
})

describe('an event', () => {
  test('reaches every subscriber of its topic with the token of the sidecar, and nobody else', async () => {
    const { deliveries, publish } = subscribers({})
    expect(await publish([outgoing('recurring-task-due', 'a')])).toEqual([undefined])
    expect(deliveries.map(({ to }) => to)).toEqual(['occurrence-create'])
    expect(deliveries[0]!.headers['dapr-api-token']).toBe('token')
  })

  test('is not acknowledged when its subscriber fails: the relay sends it again', async () => {
    const { publish } = subscribers({
      'occurrence-create': (_, count) => (count < 3 ? new Response('', { status: 500 }) : success()),
    })
    const again = () => publish([outgoing('recurring-task-due', 'a')])
    expect(await again()).toEqual([expect.any(Error)])
    expect(await again()).toEqual([expect.any(Error)])
    expect(await again()).toEqual([undefined])
  })

  test.each([400, 404, 409, 422, 429, 503])('an answer of %i is what it is to Dapr', async (status) => {
    const { deliveries, publish } = subscribers({ 'occurrence-create': () => Response.json({}, { status }) })
    const [outcome] = await publish([outgoing('recurring-task-due', 'a')])
    const dead = deliveries.filter(({ to }) => to === 'dead-letter-store')
    expect({ acknowledged: outcome === undefined, dead: dead.length }).toEqual(
      status === 404 ? { acknowledged: true, dead: 1 } : { acknowledged: false, dead: 0 },
    )
  })

  test('goes to the dead letters at once when it is dropped, with the reason', async () => {
    const reason = encodeURIComponent('no such type')
    const { deliveries, publish } = subscribers({
      'occurrence-create': () => Response.json({ status: 'DROP' }, { headers: { 'x-drop-reason': reason } }),
    })
    expect(await publish([outgoing('recurring-task-due', 'a')])).toEqual([undefined])
    const dead = deliveries.find(({ to }) => to === 'dead-letter-store')!
    expect(dead).toMatchObject({
      id: 'a',
      headers: {
        __topic: 'recurring-task-due',
        'x-dead-letter-consumer': 'occurrence-create',
        'x-dead-letter-error': reason,
      },
    })
  })

  test('goes to the dead letters after the last retry, and stays unacknowledged until they have it', async () => {
    let stores = 0
    const { deliveries, publish } = subscribers({
      'occurrence-create': () => new Response('', { status: 500 }),
      'dead-letter-store': () => (stores++ === 0 ? new Response('', { status: 500 }) : success()),
    })
    let sent = 0
    for (let outcome: unknown = new Error(); outcome; sent++)
      [outcome] = await publish([outgoing('recurring-task-due', 'a')])
    expect(sent).toBe(delivery.retries + 2)
    expect(deliveries.filter(({ to }) => to === 'dead-letter-store')).toHaveLength(2)
  })
})

describe('order', () => {
  test('what comes after a failed event of the same task waits; other tasks go on', async () => {
    const { deliveries, publish } = subscribers({
      'occurrence-create': (id) => (id === 'a1' ? new Response('', { status: 500 }) : success()),
    })
    const outcomes = await publish([
      outgoing('recurring-task-due', 'a1', 'a'),
      outgoing('recurring-task-due', 'a2', 'a'),
      outgoing('recurring-task-due', 'b1', 'b'),
    ])
    expect(outcomes.map((outcome) => outcome === undefined)).toEqual([false, false, true])
    expect(deliveries.map(({ id }) => id).toSorted()).toEqual(['a1', 'b1'])
  })
})

describe('a bulk subscriber', () => {
  test('gets many events in one delivery, and each is settled by its own status', async () => {
    const { publish } = subscribers({
      'notification-plan': (id) => Response.json({ status: id === 'b' ? 'RETRY' : 'SUCCESS' }),
    })
    const outcomes = await publish(['a', 'b', 'c'].map((id) => outgoing('task-due-soon', id, id)))
    expect(outcomes.map((outcome) => outcome === undefined)).toEqual([true, false, true])
  })
})
