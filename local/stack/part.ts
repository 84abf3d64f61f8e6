/** What the stack is made of, as its page shows it. */
import { connect } from 'node:net'
import type { Supervised } from './processes.ts'

export type Part = {
  name: string
  version: string
  address: string
  /** Empty when it is ready, else why not. */
  problem(): Promise<string>
  /** Absent when it is not ours, or runs inside the runner. */
  process?: Supervised
}

const probeTimeoutMs = 2_000

/** Ready when the address answers with a 2xx. */
export const http = (url: string, process: Supervised) => async (): Promise<string> => {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) })
    await reply.body?.cancel()
    return reply.ok ? '' : `${new URL(url).pathname} answers ${reply.status}`
  } catch {
    return why(process)
  }
}

/** Ready when something listens. */
export const tcp = (host: string, port: number) => (): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: probeTimeoutMs })
    const end = (problem: string) => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('connect', () => end(''))
    socket.once('timeout', () => end('no answer'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })

export const why = (process: Supervised): string => {
  const end = process.lastEnd()
  if (process.pid()) return end ? `starts again, after ${end}` : 'does not answer'
  return end ? `ended: ${end}` : 'is not running'
}
