/** The real parts of a test run: daprd, found or built, and one Kafka broker (Vitest's global set-up). */
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findDaprd } from '../../local/stack/daprd.ts'
import { startKafka } from '../../local/stack/kafka.ts'
import { temporaryDirectory } from '../../shared/testing/directory.ts'
import { freeBlock } from './ports.ts'

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
