/**
 * What a function counts, in Prometheus terms. The route pattern is the label, never a path with ids in it.
 *
 * prom-client takes as long to load as Node itself, so it is loaded shortly after the first answer; what was observed until
 * then waits.
 */
import type { Context } from 'hono'
import type { Registry } from 'prom-client'

type Labels = Record<string, string | number>
type Counted = { inc(labels: Labels, value?: number): void }
type Observed = { observe(value: number): void; observe(labels: Labels, value: number): void }

const loadDelayMs = 50

const pending: (() => void)[] = []
let loading: Promise<Registry> | undefined
let client: typeof import('prom-client') | undefined

/** Records now, or as soon as the client is there. */
function record(work: () => void): void {
  if (client) return work()
  pending.push(work)
  if (!loading) setTimeout(() => void load(), loadDelayMs).unref()
}

function load(): Promise<Registry> {
  loading ??= import('prom-client').then((module) => {
    client = module
    for (const work of pending.splice(0)) work()
    new module.Gauge({
      name: 'todo_process_resident_memory_bytes',
      help: 'Resident memory of the process.',
      collect() {
        this.set(process.memoryUsage.rss())
      },
    })
    return module.register
  })
  return loading
}

function counter(name: string, help: string, labelNames: string[]): Counted {
  const instance = once(() => new client!.Counter({ name, help, labelNames }))
  return { inc: (labels, value = 1) => record(() => instance().inc(labels, value)) }
}

function histogram(name: string, help: string, buckets: number[], labelNames: string[] = []): Observed {
  const instance = once(() => new client!.Histogram({ name, help, buckets, labelNames }))
  return {
    observe: (first: Labels | number, second?: number) =>
      record(() =>
        typeof first === 'number' ? instance().observe(first) : instance().observe(first, second!),
      ),
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

const requests = histogram(
  'todo_http_request_duration_seconds',
  'Time from request to reply.',
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  ['function', 'method', 'route', 'status'],
)

export const eventsHandled = counter(
  'todo_events_handled_total',
  'Events delivered to a handler, by what became of them.',
  ['consumer', 'result'],
)

export const eventsPublished = counter(
  'todo_events_published_total',
  'Events that the broker acknowledged, or refused.',
  ['topic', 'result'],
)

export const publishDelay = histogram(
  'todo_outbox_delay_seconds',
  'Time from the write to the acknowledgement of its event.',
  [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 300],
)

export const reminderLateness = histogram(
  'todo_reminder_lateness_seconds',
  'Time from the planned instant of a reminder to its event.',
  [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 60, 3600],
)

export const eventsReconciled = counter(
  'todo_events_reconciled_total',
  'Events sent again because a subscriber has no receipt of them. Should stay zero.',
  ['consumer'],
)

export const deadLettersStored = counter(
  'todo_dead_letters_stored_total',
  'Events that could not be handled and wait to be replayed.',
  ['topic'],
)

/** Records a reply. */
export function observeRequest(functionName: string, c: Context, seconds: number): void {
  requests.observe(
    { function: functionName, method: c.req.method, route: c.req.routePath, status: c.res.status },
    seconds,
  )
}

/** Everything counted so far, in the exposition format. */
export async function metricsText(): Promise<{ contentType: string; text: string }> {
  const registry = await load()
  return { contentType: registry.contentType, text: await registry.metrics() }
}
