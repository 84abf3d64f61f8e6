/** A TCP proxy that can be told to misbehave. */
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * `black-hole`: what is sent waits, in both directions, until it is over. `lose-replies`: what is asked arrives, and the
 * connection breaks before the answer. `refuse`: connections end as soon as they begin.
 */
export type Mode = 'pass' | 'black-hole' | 'lose-replies' | 'refuse' | { delayMs: number }

export type Proxy = {
  port: number
  become(mode: Mode): void
  /** Breaks every connection now, with a reset. */
  reset(): void
  /** Goes to another port from the next connection on. */
  target(port: number): void
  close(): Promise<void>
}

const holdMs = 20

/** Listens on `port` of the loopback interface and passes everything to `target`. */
export async function startProxy(port: number, target: number): Promise<Proxy> {
  let mode: Mode = 'pass'
  let to = target
  const pairs = new Set<[Socket, Socket]>()
  const isHeld = () => mode === 'black-hole'
  const cut = ([client, server]: [Socket, Socket]) => {
    client.resetAndDestroy()
    server.resetAndDestroy()
  }

  // Small writes at once: held back, they would make everything behind the proxy slower than it is.
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ port: to, host: '127.0.0.1', noDelay: true })
    const pair: [Socket, Socket] = [client, server]
    pairs.add(pair)
    if (mode === 'refuse') cut(pair)
    pass(client, server, () => {})
    pass(server, client, () => mode === 'lose-replies' && cut(pair))
    for (const socket of pair) {
      socket.on('error', () => cut(pair))
      socket.on('close', () => {
        pairs.delete(pair)
        for (const other of pair) other.end()
      })
    }
  })

  /** Passes on in order; `before` may break the connection instead. */
  function pass(from: Socket, into: Socket, before: () => unknown): void {
    let last = Promise.resolve()
    from.on('data', (chunk) => {
      last = last.then(async () => {
        while (isHeld() && !from.destroyed) await sleep(holdMs)
        if (typeof mode === 'object') await sleep(mode.delayMs)
        before()
        if (!into.destroyed) into.write(chunk)
      })
    })
  }

  await new Promise<void>((listening, failed) => {
    listener.once('error', failed)
    listener.listen(port, '127.0.0.1', listening)
  })
  return {
    port,
    become: (next) => (mode = next),
    reset: () => pairs.forEach(cut),
    target: (next) => (to = next),
    close: () =>
      new Promise((closed) => {
        listener.close(() => closed())
        pairs.forEach(cut)
      }),
  }
}
