/** What has become of an occurrence of a series, by its key. */
import { Problem } from '../contract/problem.ts'
import { RecurrenceError } from '../recurrence/error.ts'
import { occurrenceAt, type Occurrence } from '../recurrence/expand.ts'
import { occurrenceId } from './identity.ts'
import { makeOccurrence, openTasks } from './occurrences.ts'
import { seriesOf } from './rule.ts'
import type { LockedSeries } from './series.ts'
import { sql } from './sql.ts'

/** A task has an id; what was never one is virtual, whether it is still to come, was missed or was skipped in advance. */
export type Found = { state: 'task'; id: string } | { state: 'virtual'; occurrence: Occurrence }

/** Finds an occurrence, or throws a 404 for a key that the series does not have. */
export async function findOccurrence(series: LockedSeries, key: string): Promise<Found> {
  const [task] = await sql<{ id: string; is_hidden: boolean }[]>`
    select id, deleted_at is not null as is_hidden
    from tasks
    where recurring_task_id = ${series.id} and occurrence = ${key} and status <> 'cancelled'`
  if (task) {
    if (task.is_hidden) throw noSuchOccurrence()
    return { state: 'task', id: task.id }
  }
  const occurrence = series.mode === 'schedule' ? byRule(series, key) : undefined
  if (!occurrence) throw noSuchOccurrence()
  return { state: 'virtual', occurrence }
}

/** The id of the task of an occurrence, which is made now if it never was one. */
export async function taskOfOccurrence(series: LockedSeries, key: string): Promise<string> {
  const found = await findOccurrence(series, key)
  if (found.state === 'virtual') {
    const { due, index } = found.occurrence
    await makeOccurrence(series, { key, due, number: index })
  }
  return occurrenceId(series.id, key)
}

const noSuchOccurrence = (): Problem =>
  new Problem('not_found', 'The series has no such occurrence. Use a key of its list of occurrences.')

function byRule(series: LockedSeries, key: string): Occurrence | undefined {
  try {
    return occurrenceAt(seriesOf(series), key, series.time_zone)
  } catch (error) {
    if (error instanceof RecurrenceError) return undefined
    throw error
  }
}

/** The occurrence from which a series may be changed: open, or still to come. Throws a 409 for one that is closed. */
export async function occurrenceToSplit(series: LockedSeries, key: string): Promise<Occurrence> {
  const found = await findOccurrence(series, key)
  const isOpen =
    found.state === 'task'
      ? (await openTasks(series.id)).some(({ id }) => id === found.id)
      : key > series.settled_through
  if (!isOpen)
    throw new Problem('conflict', 'This occurrence is closed. Change the series from an open one on.')
  const occurrence = series.mode === 'schedule' ? byRule(series, key) : undefined
  if (occurrence) return occurrence
  throw new Problem('conflict', 'This task is not a date of the plan. Change the whole series instead.')
}
