/** Topics and records, through a plain Kafka client that knows nothing of Dapr. */
import { randomBytes } from 'node:crypto'
import { Admin, Consumer, Producer } from '@platformatic/kafka'
import { inject } from 'vitest'

export type Read = {
  key: string
  value: string
  headers: Record<string, string>
  partition: number
  offset: number
}

const client = (brokers: string) => ({
  clientId: 'todo-test',
  bootstrapBrokers: brokers.split(','),
  retries: 3,
})

/** A topic with a name of its own. */
export async function newTopic(partitions = 1): Promise<string> {
  const topic = `test-${randomBytes(6).toString('hex')}`
  const admin = new Admin(client(inject('brokers')))
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 })
  await admin.close()
  return topic
}

/** Puts a record straight into a topic. */
export async function put(
  topic: string,
  value: string,
  {
    key = '',
    headers = {},
    brokers = inject('brokers'),
  }: { key?: string; headers?: Record<string, string>; brokers?: string } = {},
): Promise<void> {
  const producer = new Producer(client(brokers))
  const buffers = new Map(
    Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
  )
  await producer.send({
    messages: [{ topic, key: Buffer.from(key), value: Buffer.from(value), headers: buffers }],
  })
  await producer.close()
}

/** Takes all records of a topic away, as retention does. */
export async function emptied(topic: string): Promise<void> {
  const admin = new Admin(client(inject('brokers')))
  await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition: 0, offset: -1n }] }] })
  await admin.close()
}

/** The records of a topic from the oldest on, as soon as there are `count`, or those that came within `waitMs`. */
export async function recordsOf(
  topic: string,
  count: number,
  { waitMs = 10_000, brokers = inject('brokers') } = {},
): Promise<Read[]> {
  const consumer = new Consumer({ ...client(brokers), groupId: `reader-${randomBytes(6).toString('hex')}` })
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'earliest',
    autocommit: false,
    maxWaitTime: 50,
  })
  const timer = setTimeout(() => void stream.close(), waitMs)
  const found: Read[] = []
  for await (const { key, value, headers, partition, offset } of stream) {
    found.push({
      key: key?.toString() ?? '',
      value: value?.toString() ?? '',
      headers: Object.fromEntries([...headers].map(([name, text]) => [String(name), String(text)])),
      partition,
      offset: Number(offset),
    })
    if (found.length >= count) break
  }
  clearTimeout(timer)
  await consumer.close(true)
  return found.toSorted((one, other) => one.partition - other.partition || one.offset - other.offset)
}
