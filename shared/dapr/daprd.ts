/** The Dapr sidecar over its HTTP API. */
import { config } from '../runtime/config.ts'
import { createProducers, type Producer } from './producers.ts'
import { BrokerAway, SendUnknown, SidecarAway, type Mail, type Outgoing, type Sidecar } from './sidecar.ts'

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

/** The second component of the same broker. An installation that has none goes on with one. */
export const spareOf = (name: string): string => `${name}-spare`
let hasSpare = true

/** Bulk publish takes one topic a request. All requests go in parallel. */
async function publishBy(producer: Producer, events: Outgoing[]): Promise<(Error | undefined)[]> {
  const { PUBSUB_NAME } = config('dapr')
  const component = producer === 'spare' && hasSpare ? spareOf(PUBSUB_NAME) : PUBSUB_NAME
  const outcomes: (Error | undefined)[] = Array.from({ length: events.length })
  const requests = [...Map.groupBy(events.keys(), (index) => events[index]!.topic)].flatMap(
    ([topic, indexes]) =>
      split(indexes.map((index) => entryOf(index, events[index]!))).map((entries) => ({ topic, entries })),
  )
  await Promise.all(
    requests.map(async ({ topic, entries }) => {
      const failed = await publishTo(`${component}/${topic}`, entries)
      for (const { index } of entries) outcomes[index] = failed(String(index))
    }),
  )
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
 * Publishes to a topic of a component, and answers the error of each entry. Only a 500 that lists some of the entries tells them
 * apart: without a broker it lists all of them, and after any other failure all are unknown.
 * (https://docs.dapr.io/reference/api/pubsub_api/#publish-multiple-messages-to-a-given-topic)
 */
async function publishTo(place: string, entries: Entry[]): Promise<(entryId: string) => Error | undefined> {
  const path = `publish/bulk/${place}?${requestMetadata}`
  const body = `[${entries.map(({ json }) => json).join(',')}]`
  try {
    const reply = await post(path, body, publishTimeoutMs)
    const text = await reply.text()
    if (reply.ok) return () => undefined
    const listed = failedEntries(text)
    if (listed.size > 0 && listed.size < entries.length) return (entryId) => listed.get(entryId)
    if (text.includes('ERR_PUBSUB_NOT_FOUND') && place.startsWith(spareOf(config('dapr').PUBSUB_NAME)))
      hasSpare = false
    const away = new BrokerAway(`publish: ${reply.status} ${text.slice(0, 300)}`)
    return () => away
  } catch (error) {
    // A sidecar that does not answer in time waits for the broker; any other silence is its own.
    const isSilent = (error as Error).name === 'TimeoutError'
    const away = new (isSilent ? BrokerAway : SidecarAway)((error as Error).message, { cause: error })
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

export const daprd: Sidecar = { publish: createProducers(publishBy), sendMail }
