/** Completing a task of a series, whatever has become of it. */
import { Problem } from '../contract/problem.ts'
import { versionMismatch } from '../http/etag.ts'
import { closeOccurrence, nextOf, type Closed } from './close-occurrence.ts'
import { closeTasks } from './occurrences.ts'
import { lockSeries } from './series.ts'
import { sql } from './sql.ts'
import { lockTask, noSuchTask, taskColumns, type LockedTask } from './tasks.ts'

/**
 * Completes a task of a series, and answers it with the next one. Twice is a no-op. What was skipped or missed becomes done. In
 * a transaction, because the engine decides between the reading and the writing.
 */
export async function completeOfSeries(
  userId: string,
  { id, recurring_task_id }: { id: string; recurring_task_id: string },
  version: number | null,
  completedAt: string | undefined,
): Promise<Closed> {
  const series = await lockSeries(userId, recurring_task_id)
  const task = await lockTask(userId, id)
  if (!task) throw noSuchTask()
  if (version !== null && task.version !== version) throw versionMismatch()
  if (task.status === 'open' && series)
    return closeOccurrence(series, { ...task, occurrence: task.occurrence! }, 'done', completedAt)
  if (task.status === 'done' || task.closed_with !== null) return closedBefore(recurring_task_id, task)
  if (task.status === 'cancelled')
    throw new Problem(
      'conflict',
      'Its series was changed and does not have it any more. Complete the open one.',
    )
  const [done] = await closeTasks([id], 'done', { completedAt })
  return { task: done!, next: null }
}

/** The answer of the first time. */
async function closedBefore(seriesId: string, task: LockedTask): Promise<Closed> {
  const done = task.closed_with === null ? task : await readTask(task.closed_with)
  const { closed_with: _, ...shown } = done
  return { task: shown, next: await nextOf(seriesId, done.id) }
}

async function readTask(id: string): Promise<LockedTask> {
  const [task] = await sql<[LockedTask]>`select ${taskColumns()}, closed_with from tasks where id = ${id}`
  return task
}
