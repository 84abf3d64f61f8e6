/** The real parts of a test run: daprd, found or built, and one Kafka broker (Vitest's global set-up). */
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findDaprd } from '../../local/stack/daprd.ts'
import { startKafka } from '../../local/stack/kafka.ts'
import { taken } from '../../local/stack/ports.ts'
import { temporaryDirectory } from '../../shared/testing/directory.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Path of daprd. */
    daprd: string
    /** Addresses of the broker. */
    brokers: string
  }
}

const say = (text: string) => process.stdout.write(`${text}\n`)

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const directory = await temporaryDirectory()
  const port = await freeBlock(2)
  const daprd = await findDaprd(say)
  const kafka = await startKafka(join(directory.path, 'kafka'), port, say)
  project.provide('daprd', daprd.path)
  project.provide('brokers', kafka.brokers)
  return async () => {
    await kafka.process?.stop()
    await directory.remove()
  }
}

/** First of `count` ports in a row that nothing listens on, below those that the system gives to outgoing connections. */
export async function freeBlock(count: number): Promise<number> {
  for (;;) {
    const first = 15_000 + Math.floor(Math.random() * (17_000 - count))
    const ports = Array.from({ length: count }, (_, index) => first + index)
    if ((await taken(ports)).length === 0) return first
  }
}
