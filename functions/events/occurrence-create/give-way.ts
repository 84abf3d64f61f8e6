/** What becomes of the open tasks of a series when its next occurrence has come. */
import { closeTasks, isOverdue, openMax, openTasks } from '../../../shared/data/occurrences.ts'
import type { LockedSeries } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'

/** What the new task says about those before it. */
type Debt = { missed_count: number; overdue_since: string | null }

/**
 * The tasks that are overdue as the occurrence `key` comes are missed; one that was moved ahead stays. Where each stays open,
 * only the oldest beyond the thirtieth is missed. Answers what `keep_one` shows on the new task.
 */
export async function giveWayTo(series: LockedSeries, key: string): Promise<Debt> {
  const others = (await openTasks(series.id)).filter(({ occurrence }) => occurrence !== key)
  const before = others.filter(({ occurrence }) => occurrence < key)
  const missed =
    series.catch_up === 'keep_all'
      ? before.slice(0, Math.max(0, others.length + 1 - openMax))
      : before.filter((task) => isOverdue(series, task))
  await closeTasks(
    missed.map(({ id }) => id),
    'missed',
  )
  if (series.catch_up !== 'keep_one') return { missed_count: 0, overdue_since: null }
  const never = await neverMade(series.id, key)
  const since = [...missed.map(({ overdue_since, due_at }) => overdue_since ?? due_at), never.since]
  const [first = null] = since.filter((at) => at !== null).toSorted((a, b) => Temporal.Instant.compare(a, b))
  const counted = Math.max(0, ...missed.map(({ missed_count }) => missed_count))
  return { missed_count: counted + missed.length + never.count, overdue_since: first }
}

/** What was passed over since the task before, because nothing ran. */
async function neverMade(seriesId: string, key: string) {
  const [row] = await sql<[{ count: number; since: string | null }]>`
    select count(*), min(due_at) as since
    from virtual_occurrences
    where recurring_task_id = ${seriesId} and state = 'missed' and occurrence < ${key} and occurrence > coalesce((
      select max(occurrence)
      from tasks
      where recurring_task_id = ${seriesId} and occurrence < ${key} and status <> 'cancelled'
    ), '')`
  return row
}
