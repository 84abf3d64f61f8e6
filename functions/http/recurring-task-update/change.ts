/** What a change of a series does to its schedule. */
import { isDeepStrictEqual } from 'node:util'
import type { InferOutput } from 'valibot'
import { Problem } from '../../../shared/contract/problem.ts'
import type { RecurringTask } from '../../../shared/contract/recurring-task.ts'
import { dayOf, scheduleAfter, seriesOf, type Schedule } from '../../../shared/data/series.ts'
import type { Body } from './schema.ts'

/** A series with where it stands, the present instant and its owner's zone. */
export type Present = RecurringTask & Schedule & { now: string; time_zone: string }

type Patch = InferOutput<typeof Body>

const ruleFields = ['recurrence_type', 'recurrence_interval', 'start_date', 'end_date'] as const

/**
 * The series after the change, or undefined when the change changes nothing.
 *
 * A new rule goes on with its first occurrence on a day after the last one that was made. A series that was stopped, or
 * had come to its end, goes on with the first occurrence from now: nothing that was missed is made up for. A new rule
 * revives a series that had come to its end, not one that was stopped.
 */
export function changed(present: Present, patch: Patch): (Present & Patch) | undefined {
  const after = { ...present, ...patch }
  if (isDeepStrictEqual(present, after)) return undefined
  const newRule = ruleFields.some((field) => present[field] !== after[field])
  const resumed = after.is_active && !present.is_active
  if (!newRule && !resumed) return after
  const revived = newRule && present.next_occurrence === null && patch.is_active !== false
  const { settled_through, ...next } = scheduleAfter(
    seriesOf(after),
    present.time_zone,
    present.settled_through,
    resumed || revived ? Temporal.Instant.from(present.now) : undefined,
  )
  if (next.next_occurrence === null) {
    if (!resumed) return { ...after, ...next, settled_through, is_active: false }
    throw new Problem('conflict', 'The series has come to its end. Give it a later end_date, or none.')
  }
  if (!resumed && !revived) return { ...after, ...next }
  return { ...after, ...next, is_active: true, settled_through: dayBefore(next.next_occurrence) }
}

const dayBefore = (key: string) => Temporal.PlainDate.from(dayOf(key)).subtract({ days: 1 }).toString()
