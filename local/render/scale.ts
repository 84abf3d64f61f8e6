/** How far each kind of function scales. */
import type { FunctionSpec } from '../../functions/spec.ts'

export type Scale = { min: number; max: number; concurrency: number }

/** Connections of one instance, `DATABASE_POOL_SIZE` in a cluster. A request holds one for a few milliseconds. */
export const poolSize = 3

/** A loop of a schedule function hears wake-ups on a connection of its own. */
const listeners = (row: FunctionSpec) => (row.trigger === 'schedule' ? 1 : 0)

/** Most connections that a function ever holds. While a new revision takes over, the old one holds its own, too. */
export const connectionsOf = (row: FunctionSpec): number => scaleOf(row).max * (poolSize + listeners(row))

/**
 * HTTP functions keep one instance, because a start from zero takes more than a second and a person waits for it. What a
 * tick calls every minute or more often stays too. Everything else comes from zero on demand. `concurrency` is a hard
 * limit: beyond it requests wait in front of the instance and another one is started.
 */
export function scaleOf(row: FunctionSpec): Scale {
  if (row.trigger === 'http') return { min: 1, max: row.maxScale ?? 5, concurrency: 100 }
  if (row.trigger === 'schedule') {
    return { min: row.cron.split(' ')[1] === '*' ? 1 : 0, max: row.maxScale ?? 1, concurrency: 10 }
  }
  // A sidecar sends one mail at a time: more of them are sent side by side only by more instances.
  return { min: 0, max: row.maxScale ?? 3, concurrency: row.sidecar ? 4 : 20 }
}
