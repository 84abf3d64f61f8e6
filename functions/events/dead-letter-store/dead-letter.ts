/** What arrives at the dead letters, made storable whatever it is. */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { NotificationEmailData, topics, type Topic } from '../../../shared/contract/events.ts'
import { jsonIn } from '../../../shared/dapr/event.ts'

export type DeadLetter = {
  event_id: string | null
  fingerprint: string
  topic: Topic | null
  consumer: string | null
  event: string
  error: string | null
  attempts: number | null
  /** The mail that will not be sent now. */
  delivery_id: string | null
}

const eventLengthMax = 2_097_152
/** Nobody can write down why under an id that is not there. */
const noEvent = 'It is no event: it has no id.'

/** What Dapr makes of a record that it hands over as it is (`rawPayload` of the subscription). */
const Raw = v.object({ type: v.literal('com.dapr.event.sent'), data_base64: v.string() })

const Named = v.object({ id: v.pipe(v.string(), v.uuid()) })
const Mail = v.object({
  type: v.literal('todo.notification.email.v1'),
  data: v.pick(NotificationEmailData, ['delivery_id']),
})

/**
 * Reads body and headers. The broker of one process sends consumer, reason and attempts along as headers; Dapr sends the
 * topic (`__topic`) and nothing else. Headers inform, they decide nothing: whoever may publish can set them.
 */
export function readDeadLetter(body: ArrayBuffer, headers: Record<string, string | undefined>): DeadLetter {
  const event = storable(textIn(body)).slice(0, eventLengthMax)
  const json = jsonIn(event)
  const named = v.safeParse(Named, json)
  const mail = v.safeParse(Mail, json)
  const topic = headers['__topic'] ?? ''
  const attempts = headers['x-dead-letter-attempts'] ?? ''
  return {
    event_id: named.success ? named.output.id.toLowerCase() : null,
    fingerprint: named.success
      ? named.output.id.toLowerCase()
      : createHash('sha256').update(event).digest('hex'),
    topic: Object.hasOwn(topics, topic) ? (topic as Topic) : null,
    consumer: storable(headers['x-dead-letter-consumer'] ?? '').slice(0, 100) || null,
    event,
    error:
      storable(decoded(headers['x-dead-letter-error'] ?? '')).slice(0, 1_000) ||
      (named.success ? null : noEvent),
    attempts: /^\d{1,6}$/.test(attempts) ? Number(attempts) : null,
    delivery_id: mail.success ? mail.output.data.delivery_id : null,
  }
}

/** The record: opened when it came from Dapr, as it is when it came from the broker of one process. */
function textIn(body: ArrayBuffer): string {
  const text = new TextDecoder().decode(body)
  const raw = v.safeParse(Raw, jsonIn(text))
  return raw.success ? Buffer.from(raw.output.data_base64, 'base64').toString() : text
}

/** Postgres takes every text but NUL and halves of surrogate pairs. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
