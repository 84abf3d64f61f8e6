/** How far a series goes on when its next occurrence has come. */
import {
  dayOf,
  owedAt,
  scheduleAfter,
  seriesOf,
  type Rule,
  type Schedule,
} from '../../../shared/data/series.ts'
import { formatDue } from '../../../shared/recurrence/due.ts'
import { errorFields, log } from '../../../shared/runtime/log.ts'

export type Claimed = Rule & Schedule & { id: string; now: string; time_zone: string }

/** The new schedule, and the occurrence to announce. It is null when the owner's zone changed and nothing is due there yet. */
export type Advanced = Schedule & {
  id: string
  occurrence: string | null
  due_date: string | null
  due_at: string | null
}

const nothing = { occurrence: null, due_date: null, due_at: null }

/**
 * Computed from where the series stands, not from the tick: after a time in which nothing ran, the latest occurrence is
 * announced and those before it are given up.
 */
function advance({ id, settled_through, now, time_zone, ...rule }: Claimed): Advanced {
  const series = seriesOf(rule)
  const owed = owedAt(series, time_zone, settled_through, Temporal.Instant.from(now))
  if (!owed) return { id, ...scheduleAfter(series, time_zone, settled_through), ...nothing }
  return {
    id,
    ...scheduleAfter(series, time_zone, dayOf(owed.key)),
    occurrence: owed.key,
    due_date: formatDue(owed.due),
    due_at: owed.at.toString(),
  }
}

/** A series that cannot be computed must not hold up the others: it is tried again in an hour. */
export function advanceOrPostpone(claimed: Claimed): Advanced {
  try {
    return advance(claimed)
  } catch (error) {
    log.error('series postponed', { recurring_task_id: claimed.id, ...errorFields(error) })
    const { id, settled_through, next_occurrence, next_due_at, now } = claimed
    const next_created_at = Temporal.Instant.from(now).add({ hours: 1 }).toString()
    return { id, settled_through, next_occurrence, next_due_at, next_created_at, ...nothing }
  }
}
