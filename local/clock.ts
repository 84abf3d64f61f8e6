/** The clock of one process: what the Dapr cron binding does in a cluster. */
import { schedule, type ScheduledTask } from 'node-cron'
import { rows, type FunctionName } from '../functions/manifest.ts'
import { errorFields, log } from '../shared/runtime/log.ts'
import { callFunction, type Function } from './host.ts'

/** Ticks every schedule function until the returned function is called. */
export function startClock(functions: Map<FunctionName, Function>): () => Promise<void> {
  const running: ScheduledTask[] = rows.flatMap(([name, row]) => {
    if (row.trigger !== 'schedule') return []
    const tick = () =>
      callFunction(functions.get(name)!, 'schedules', '').then(
        () => {},
        (error: unknown) => log.error('tick failed', { function: name, ...errorFields(error) }),
      )
    return [schedule(row.cron, tick, { name, timezone: 'UTC' })]
  })
  return async () => {
    for (const task of running) await task.destroy()
  }
}
