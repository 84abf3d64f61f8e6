/** What a start has to end: at Ctrl-C, at SIGTERM, or because it fails, and at any moment of it. */

export type Stops = {
  /** Called before what it ends is started. Throws once the end has begun: what starts then, nobody would end. */
  add(stop: () => Promise<void>): void
  /** Ends everything, last first, the rest also when one of them fails; asked again, it answers the same. */
  end(): Promise<void>
}

export function createStops(): Stops {
  const stops: (() => Promise<void>)[] = []
  let ended: Promise<void> | undefined

  async function endAll(): Promise<void> {
    const errors: unknown[] = []
    for (const stop of stops.toReversed()) await stop().catch((error: unknown) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }

  return {
    add(stop) {
      if (ended) throw new Error('It is being stopped')
      stops.push(stop)
    },
    end: () => (ended ??= endAll()),
  }
}

/** Ends the process by `stops` at Ctrl-C and at SIGTERM, or when it is called, with the reason. Only the first time counts. */
export function exitBy(stops: Stops): (code: number, reason?: string) => Promise<void> {
  let exiting = false
  const exit = async (code: number, reason = 'Stopping ...') => {
    if (exiting) return
    exiting = true
    const out = code === 0 ? process.stdout : process.stderr
    out.write(`${reason}\n`)
    const failed = await stops.end().then(
      () => false,
      (error: Error) => process.stderr.write(`${error.message}\n`),
    )
    process.exit(failed ? 1 : code)
  }
  // Not once: npm sends on to us what the terminal has sent to all, and the second Ctrl-C would end us there and then.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void exit(0))
  return exit
}
