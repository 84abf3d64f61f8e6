/** A delivered event: who may deliver, what it looks like, and the two answers that Dapr understands. */
import { timingSafeEqual } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as v from 'valibot'
import { Problem } from '../contract/problem.ts'
import { readText } from '../http/validate.ts'
import type { Env } from '../http/env.ts'
import { config } from '../runtime/config.ts'
import { context, withChanged } from '../runtime/context.ts'
import { log } from '../runtime/log.ts'
import { eventsHandled } from '../runtime/metrics.ts'
import { childTrace } from '../runtime/trace.ts'
import { recordFailure } from '../data/failures.ts'

/** CloudEvents 1.0 attributes (https://github.com/cloudevents/spec), as far as we rely on them. */
export type CloudEvent<Data = unknown> = {
  id: string
  type: string
  source: string
  subject?: string
  time: string
  traceparent?: string
  data: Data
}

const Envelope = v.object({
  id: v.pipe(v.string(), v.uuid()),
  source: v.string(),
  type: v.string(),
  subject: v.optional(v.string()),
  time: v.pipe(v.string(), v.isoTimestamp()),
  traceparent: v.optional(v.string()),
  data: v.unknown(),
})

const Named = v.object({ id: Envelope.entries.id })

/** Bytes of a delivery: one Kafka record and its envelope. */
const eventBytesMax = 2_097_152

/** Only the sidecar, which knows the app token, may call a delivery route or a tick. */
export const requireSidecar: MiddlewareHandler<Env> = createMiddleware<Env>(async (c, next) => {
  const { APP_API_TOKEN } = config('dapr')
  const given = Buffer.from(c.req.header('dapr-api-token') ?? '')
  const expected = Buffer.from(APP_API_TOKEN)
  if (!APP_API_TOKEN || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Problem('forbidden', 'Only the Dapr sidecar may call this.')
  }
  await next()
})

/**
 * The event at `c.req.valid('json')`, with data of one of the given shapes. What can never be handled (no JSON, `null`, a
 * foreign type) is dropped to the dead letters at once; a handler that throws is asked again later.
 */
export function event<const S extends v.GenericSchema>(
  types: readonly string[],
  data: S,
): MiddlewareHandler<Env, string, { in: { json: unknown }; out: { json: CloudEvent<v.InferOutput<S>> } }> {
  return createMiddleware<Env>(async (c, next) => {
    const consumer = c.req.path.split('/').at(-1)!
    const json = parse(c, await readText(c.req.raw, eventBytesMax))
    const given = check(json, types, data)
    if (typeof given === 'string') {
      await recordRefusal(consumer, json, given)
      return drop(c, consumer, given)
    }
    c.req.addValidatedData('json', given)
    const cause = { ...context()!.cause, event_id: given.id }
    await withChanged({ cause, traceparent: childTrace(given.traceparent) }, next)
    if (c.error) await recordFailure(consumer, given.id, c.error)
    eventsHandled.inc({ consumer, result: c.error ? 'failed' : 'done' })
  })
}

/** The event when it is one of `types` with data of the given shape, else what is wrong with it. */
export function check<const S extends v.GenericSchema>(
  json: unknown,
  types: readonly string[],
  data: S,
): CloudEvent<v.InferOutput<S>> | string {
  const envelope = v.safeParse(Envelope, json)
  if (!envelope.success) return explain('event', envelope.issues)
  const { output } = envelope
  if (!types.includes(output.type)) return `type: ${output.type} is not handled here`
  const content = v.safeParse(data, output.data)
  return content.success
    ? ({ ...output, data: content.output } as CloudEvent<v.InferOutput<S>>)
    : explain('data', content.issues)
}

const explain = (part: string, issues: readonly v.BaseIssue<unknown>[]) =>
  issues
    .slice(0, 5)
    .map((issue) => `${[part, v.getDotPath(issue)].filter(Boolean).join('.')}: ${issue.message}`)
    .join('; ')

/** Keeps the reason for the dead letter of what is not valid, when there is an id to keep it under. */
export async function recordRefusal(consumer: string, json: unknown, reason: string): Promise<void> {
  const named = v.safeParse(Named, json)
  if (named.success) await recordFailure(consumer, named.output.id, new Error(reason))
}

/** Structured content is the whole event as JSON; binary content has the attributes in `ce-` headers. */
export function parse(c: Context<Env>, text: string): unknown {
  const json = jsonIn(text)
  if (json === undefined || !c.req.header('ce-id')) return json
  const attributes = Object.entries(c.req.header())
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice(3), value])
  return { ...Object.fromEntries(attributes), data: json }
}

/** Nothing when it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Answers that the event is dealt with. */
export const done = (c: Context<Env>): Response => c.json({ status: 'SUCCESS' })

/** Answers that the event can never be handled: the broker puts it to the dead letters without asking again. */
export function drop(c: Context<Env>, consumer: string, reason: string): Response {
  eventsHandled.inc({ consumer, result: 'dropped' })
  log.warn('event dropped', { consumer, reason, request_id: c.get('requestId') })
  return c.json({ status: 'DROP' }, 200, { 'x-drop-reason': encodeURIComponent(reason).slice(0, 1000) })
}
