/** The Dapr sidecar over its HTTP API. */
import type { Topic } from '../contract/events.ts'
import { config } from '../runtime/config.ts'
import { BrokerAway, SendUnknown, type Mail, type Outgoing, type Sidecar } from './sidecar.ts'

/** A frozen broker makes daprd wait for ever: given up after this, outcome unknown, to be sent again. */
const publishTimeoutMs = 5_000
const mailTimeoutMs = 20_000

const post = (path: string, body: unknown, timeoutMs: number) => {
  const { DAPR_HTTP_PORT, DAPR_API_TOKEN } = config('dapr')
  return fetch(`http://127.0.0.1:${DAPR_HTTP_PORT}/v1.0/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(DAPR_API_TOKEN && { 'dapr-api-token': DAPR_API_TOKEN }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  })
}

/** Bulk publish takes one topic a request. Topics go in parallel; within one, the order given is the order kept. */
async function publish(events: Outgoing[]): Promise<(Error | undefined)[]> {
  const outcomes: (Error | undefined)[] = Array.from({ length: events.length })
  const byTopic = Map.groupBy(events.keys(), (index) => events[index]!.topic)
  await Promise.all(
    [...byTopic].map(async ([topic, indexes]) => {
      const failed = await publishTopic(
        topic,
        indexes.map((index) => events[index]!),
      )
      for (const [position, index] of indexes.entries()) outcomes[index] = failed(String(position))
    }),
  )
  return outcomes
}

/**
 * The error of each entry. Only a 500 that lists some of the entries tells them apart: without a broker it lists all of them,
 * and after any other failure all are unknown.
 * (https://docs.dapr.io/reference/api/pubsub_api/#publish-multiple-messages-to-a-given-topic)
 */
async function publishTopic(
  topic: Topic,
  events: Outgoing[],
): Promise<(entryId: string) => Error | undefined> {
  const entries = events.map(({ key, event }, position) => ({
    entryId: String(position),
    contentType: 'application/cloudevents+json',
    event,
    metadata: { partitionKey: key, 'content-type': 'application/cloudevents+json' },
  }))
  try {
    const reply = await post(`publish/bulk/${config('dapr').PUBSUB_NAME}/${topic}`, entries, publishTimeoutMs)
    const text = await reply.text()
    if (reply.ok) return () => undefined
    const listed = failedEntries(text)
    if (listed.size > 0 && listed.size < entries.length) return (entryId) => listed.get(entryId)
    const away = new BrokerAway(`publish: ${reply.status} ${text.slice(0, 300)}`)
    return () => away
  } catch (error) {
    const away = new BrokerAway((error as Error).message, { cause: error })
    return () => away
  }
}

function failedEntries(text: string): Map<string, Error> {
  try {
    const { failedEntries: failed = [] } = JSON.parse(text) as {
      failedEntries?: { entryId: string; error: string }[]
    }
    return new Map(failed.map(({ entryId, error }) => [entryId, new Error(error)]))
  } catch {
    return new Map()
  }
}

let lastMail: Promise<unknown> = Promise.resolve()

/**
 * One mail at a time, every field on every call, never CC or BCC: the smtp binding keeps addresses of one mail for the
 * next and mixes up bodies of parallel ones.
 */
async function sendMail(begin: () => Promise<Mail | undefined>): Promise<void> {
  const turn = lastMail.then(async () => {
    const mail = await begin()
    if (mail) await sendOne(mail)
  })
  lastMail = turn.catch(() => {})
  return turn
}

async function sendOne({ to, from, subject, html }: Mail): Promise<void> {
  const request = {
    operation: 'create',
    metadata: { emailTo: to, emailFrom: from, subject, priority: '3' },
    data: html,
  }
  const binding = `bindings/${config('dapr').MAIL_BINDING_NAME}`
  const reply = await post(binding, request, mailTimeoutMs).catch((error: Refusal) => {
    // Nobody listens: nothing was sent. Every other silence came after the sidecar had the mail.
    throw error.cause?.code === 'ECONNREFUSED'
      ? error
      : new SendUnknown('The sidecar did not answer.', { cause: error })
  })
  if (reply.ok) return
  const answer = (await reply.text()).slice(0, 300)
  if (answer.includes('deadline exceeded')) throw new SendUnknown('The mail server did not answer in time.')
  throw new Error(`mail binding: ${reply.status} ${answer}`)
}

type Refusal = Error & { cause?: { code?: string } }

export const daprd: Sidecar = { publish, sendMail }
