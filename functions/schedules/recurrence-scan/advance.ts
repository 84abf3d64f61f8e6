/** How far a series goes on when its next occurrence has come. */
import { openMax } from '../../../shared/data/occurrences.ts'
import { passed, scheduleAfter, type Schedule } from '../../../shared/data/schedule.ts'
import { standingOf, type LockedSeries } from '../../../shared/data/series.ts'
import { formatDue } from '../../../shared/recurrence/due.ts'
import type { Occurrence } from '../../../shared/recurrence/expand.ts'
import { errorFields, log } from '../../../shared/runtime/log.ts'

/** An occurrence as the scan writes it. */
type Told = { occurrence: string; due_date: string; due_at: string }

/** The new schedule, the occurrences to announce, and those that are given up. */
export type Advanced = Schedule & {
  id: string
  is_ended: boolean
  due: Told[]
  missed: (Told & { number: number | null })[]
}

/**
 * Computed from where the series stands, not from the tick: after a time in which nothing ran, only the current occurrence is
 * announced and those before it are missed; where each stays open, the latest are announced. Nothing at all when the owner's
 * zone has changed and it is not due there yet.
 */
function advance(row: LockedSeries): Advanced {
  const standing = standingOf(row)
  const found = passed(standing, Temporal.Instant.from(row.now))
  const announced = row.catch_up === 'keep_all' ? found.slice(-openMax) : found.slice(-1)
  const givenUp = found.slice(0, found.length - announced.length)
  const schedule = scheduleAfter(standing, found.at(-1)?.key ?? row.settled_through)
  return {
    ...schedule,
    id: row.id,
    is_ended: schedule.next_occurrence === null,
    due: announced.map(told),
    missed: givenUp.map((occurrence) => ({ ...told(occurrence), number: occurrence.index ?? null })),
  }
}

const told = ({ key, due, at }: Occurrence): Told => ({
  occurrence: key,
  due_date: formatDue(due),
  due_at: at.toString(),
})

/** A series that cannot be computed must not hold up the others: it is tried again in an hour. */
export function advanceOrPostpone(row: LockedSeries): Advanced {
  try {
    return advance(row)
  } catch (error) {
    log.error('series postponed', { recurring_task_id: row.id, ...errorFields(error) })
    const { id, settled_through, next_occurrence, next_due_at, now } = row
    const next_created_at = Temporal.Instant.from(now).add({ hours: 1 }).toString()
    const unchanged = { id, settled_through, next_occurrence, next_due_at, next_created_at }
    return { ...unchanged, is_ended: false, due: [], missed: [] }
  }
}
