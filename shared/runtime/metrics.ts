/** What a function counts, in Prometheus terms. The route pattern is the label, never a path with ids in it. */
import type { Context } from 'hono'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

const registry = new Registry()
const registers = [registry]

const requests = new Histogram({
  name: 'todo_http_request_duration_seconds',
  help: 'Time from request to reply.',
  labelNames: ['function', 'method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers,
})

export const eventsHandled = new Counter({
  name: 'todo_events_handled_total',
  help: 'Events delivered to a handler, by what became of them.',
  labelNames: ['consumer', 'result'],
  registers,
})

export const eventsPublished = new Counter({
  name: 'todo_events_published_total',
  help: 'Events that the broker acknowledged, or refused.',
  labelNames: ['topic', 'result'],
  registers,
})

export const publishDelay = new Histogram({
  name: 'todo_outbox_delay_seconds',
  help: 'Time from the write to the acknowledgement of its event.',
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 300],
  registers,
})

export const reminderLateness = new Histogram({
  name: 'todo_reminder_lateness_seconds',
  help: 'Time from the planned instant of a reminder to its event.',
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 60, 3600],
  registers,
})

export const eventsReconciled = new Counter({
  name: 'todo_events_reconciled_total',
  help: 'Events sent again because a subscriber has no receipt of them. Should stay zero.',
  labelNames: ['consumer'],
  registers,
})

export const deadLettersStored = new Counter({
  name: 'todo_dead_letters_stored_total',
  help: 'Events that could not be handled and wait to be replayed.',
  labelNames: ['topic'],
  registers,
})

new Gauge({
  name: 'todo_process_resident_memory_bytes',
  help: 'Resident memory of the process.',
  registers,
  collect() {
    this.set(process.memoryUsage.rss())
  },
})

/** Records a reply. */
export function observeRequest(functionName: string, c: Context, seconds: number): void {
  requests.observe(
    { function: functionName, method: c.req.method, route: c.req.routePath, status: c.res.status },
    seconds,
  )
}

/** Everything counted so far, in the exposition format. */
export async function metricsText(): Promise<{ contentType: string; text: string }> {
  return { contentType: registry.contentType, text: await registry.metrics() }
}
