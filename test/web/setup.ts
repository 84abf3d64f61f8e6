/** Once for all browser tests: the export, a running system, and the browser unpacked. */
import chromium from '@sparticuz/chromium'
import type { TestProject } from 'vitest/node'
import { buildWeb } from '../../web/export/build.ts'
import { startWebSystem } from './system.ts'

declare module 'vitest' {
  interface ProvidedContext {
    webUrl: string
    browserPath: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildWeb()
  const system = await startWebSystem()
  project.provide('webUrl', system.url)
  // The packaged browser is for Linux; elsewhere CHROME_PATH names one.
  project.provide('browserPath', process.env['CHROME_PATH'] || (await chromium.executablePath()))
  return () => system.remove()
}
