/** The words of the manifest. */
import { bulkBytesMax, eventBytesMax, redeliveryOf, type Topic } from '../shared/contract/events.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

type Options = {
  /** What the function does, in the README's table and the OpenAPI document. */
  does: string
  /** Most instances at a time. */
  maxScale?: number
  /** Publishes or sends mail by its own Dapr sidecar. The sidecars of all others may do nothing. */
  sidecar?: boolean
}

export type HttpSpec = Options & {
  trigger: 'http'
  methods: readonly Method[]
  path: string
  /** Who may call it: a signed-in user, one who is an operator, or anybody. */
  caller: 'user' | 'operator' | 'anyone'
}
export type EventSpec = Options & {
  trigger: 'event'
  topics: readonly Topic[]
  /** Takes up to so many events in one delivery: fast, without order. What is sent again comes one by one all the same. */
  bulk?: number
}
export type ScheduleSpec = Options & {
  trigger: 'schedule'
  /** For Dapr and node-cron alike: six fields, seconds first. */
  cron: string
}
export type FunctionSpec = HttpSpec | EventSpec | ScheduleSpec

/** Called by people and programs, through the gateway. */
export const http = <const M extends Method>(
  methods: M | readonly M[],
  path: string,
  does: string,
  options: Partial<Omit<HttpSpec, 'trigger' | 'methods' | 'path' | 'does'>> = {},
): HttpSpec => ({
  trigger: 'http',
  methods: typeof methods === 'string' ? [methods] : methods,
  path,
  does,
  caller: 'user',
  ...options,
})

/** Called once or more for every event of the topics. */
export const on = (
  topics: Topic | readonly Topic[],
  does: string,
  options: Partial<Omit<EventSpec, 'trigger' | 'topics' | 'does'>> = {},
): EventSpec => ({
  trigger: 'event',
  topics: typeof topics === 'string' ? [topics] : topics,
  does,
  ...options,
})

/** Called by the clock. */
export const every = (
  cron: string,
  does: string,
  options: Partial<Omit<ScheduleSpec, 'trigger' | 'cron' | 'does'>> = {},
): ScheduleSpec => ({ trigger: 'schedule', cron, does, ...options })

/** Everything an event function consumes, each topic with how many events a delivery has at most: no more than fit. */
export const consumed = (name: string, { topics, bulk = 1 }: EventSpec): { topic: Topic; bulk: number }[] => {
  const redelivery = redeliveryOf(name)
  return [
    ...topics.map((topic) => ({
      topic,
      // In base64, a third more.
      bulk: Math.min(bulk, Math.floor(bulkBytesMax / (eventBytesMax(topic) * (4 / 3)))),
    })),
    ...(redelivery ? [{ topic: redelivery, bulk: 1 }] : []),
  ]
}
