/** The Dapr sidecar over its HTTP API. */
import type { Topic } from '../contract/events.ts'
import { config } from '../runtime/config.ts'
import { BrokerAway, SendUnknown, type Mail, type Outgoing, type Sidecar } from './sidecar.ts'

/** A frozen broker makes daprd wait for ever: given up after this, outcome unknown, to be sent again. */
const publishTimeoutMs = 5_000
const mailTimeoutMs = 20_000

/** Of one request. More at once is not faster, and daprd refuses a body of more than 4 MiB whatever is in it. */
export const requestEntriesMax = 400
const requestBytesMax = 2_097_152

const post = (path: string, body: string, timeoutMs: number) => {
  const { DAPR_HTTP_PORT, DAPR_API_TOKEN } = config('dapr')
  return fetch(`http://127.0.0.1:${DAPR_HTTP_PORT}/v1.0/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(DAPR_API_TOKEN && { 'dapr-api-token': DAPR_API_TOKEN }),
    },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  })
}

type Entry = { index: number; json: string }

/**
 * Two components of the same broker are two producers. Each has circuit breakers of its own: after three failures on a partition it
 * refuses whatever comes for 10 s (https://github.com/IBM/sarama/blob/main/async_producer.go), long after the broker is back. So
 * when nothing gets through, the next publication goes by the other one.
 */
export const spareOf = (name: string): string => `${name}-spare`
let usesSpare = false
const producer = (): string => {
  const { PUBSUB_NAME } = config('dapr')
  return usesSpare ? spareOf(PUBSUB_NAME) : PUBSUB_NAME
}

/** Bulk publish takes one topic a request. All requests go in parallel. */
async function publish(events: Outgoing[]): Promise<(Error | undefined)[]> {
  const outcomes: (Error | undefined)[] = Array.from({ length: events.length })
  const requests = [...Map.groupBy(events.keys(), (index) => events[index]!.topic)].flatMap(
    ([topic, indexes]) =>
      split(indexes.map((index) => entryOf(index, events[index]!))).map((entries) => ({ topic, entries })),
  )
  await Promise.all(
    requests.map(async ({ topic, entries }) => {
      const failed = await publishTopic(topic, entries)
      for (const { index } of entries) outcomes[index] = failed(String(index))
    }),
  )
  if (events.length > 0 && outcomes.every((error) => error instanceof BrokerAway)) usesSpare = !usesSpare
  return outcomes
}

/**
 * The event goes as text, and the request says `rawPayload`: the record is this text, byte by byte. As an object it would be
 * read, completed and written anew by daprd, for which it takes twice the processor time and rounds large numbers.
 */
function entryOf(index: number, { key, event }: Outgoing): Entry {
  const json = JSON.stringify({
    entryId: String(index),
    contentType: 'text/plain',
    event,
    metadata: { partitionKey: key },
  })
  return { index, json }
}

/** Metadata of a request is that of each of its entries, and in the end the headers of each record. */
export const requestMetadata = new URLSearchParams({
  'metadata.rawPayload': 'true',
  'metadata.content-type': 'application/cloudevents+json',
})

/** The entries of each request. */
function split(entries: Entry[]): Entry[][] {
  const requests: Entry[][] = []
  let bytes = Infinity
  for (const entry of entries) {
    const more = Buffer.byteLength(entry.json)
    if (bytes + more > requestBytesMax || requests.at(-1)!.length === requestEntriesMax) {
      requests.push([])
      bytes = 0
    }
    requests.at(-1)!.push(entry)
    bytes += more
  }
  return requests
}

/**
 * The error of each entry. Only a 500 that lists some of the entries tells them apart: without a broker it lists all of them,
 * and after any other failure all are unknown.
 * (https://docs.dapr.io/reference/api/pubsub_api/#publish-multiple-messages-to-a-given-topic)
 */
async function publishTopic(topic: Topic, entries: Entry[]): Promise<(entryId: string) => Error | undefined> {
  const path = `publish/bulk/${producer()}/${topic}?${requestMetadata}`
  const body = `[${entries.map(({ json }) => json).join(',')}]`
  try {
    const reply = await post(path, body, publishTimeoutMs)
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
  const reply = await post(binding, JSON.stringify(request), mailTimeoutMs).catch((error: Refusal) => {
    // Nobody listens: nothing was sent. Every other silence came after the sidecar had the mail.
    throw error.cause?.code === 'ECONNREFUSED'
      ? error
      : new SendUnknown('The sidecar did not answer.', { cause: error })
  })
  if (reply.ok) return
  // It ends up in logs, where addresses do not belong.
  const answer = (await reply.text()).slice(0, 300).replaceAll(to, '(the address)')
  if (answer.includes('deadline exceeded')) throw new SendUnknown('The mail server did not answer in time.')
  throw new Error(`mail binding: ${reply.status} ${answer}`)
}

type Refusal = Error & { cause?: { code?: string } }

export const daprd: Sidecar = { publish, sendMail }
