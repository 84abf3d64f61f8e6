/**
 * Deletes a task, cancels its reminders and announces it as `task-deleted`. The row is hidden now and removed later. The series
 * of an open one goes on with the next.
 */
import { emit } from '../../../shared/data/outbox.ts'
import { leaveOut } from '../../../shared/data/close-occurrence.ts'
import { lockSeries } from '../../../shared/data/series.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { cancelReminders, findTask, isVersion, noSuchTask, seriesIdOf } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { expectedVersion, matched } from '../../../shared/http/etag.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params } from './schema.ts'

export default createApp().delete('/api/tasks/:task_id', requireUser, params(Params), async (c) => {
  const version = expectedVersion(c.req.header('if-match'))
  const { task_id } = c.req.valid('param')
  const seriesId = await seriesIdOf(c.var.userId, task_id)
  const found = await (seriesId === null
    ? deleteTask(c.var.userId, task_id, version)
    : transaction(() => deleteOfSeries(c.var.userId, task_id, version, seriesId)))
  if (!found) throw noSuchTask()
  matched(found, version)
  return c.body(null, 204)
})

async function deleteOfSeries(userId: string, taskId: string, version: number | null, seriesId: string) {
  const series = await lockSeries(userId, seriesId)
  const found = await deleteTask(userId, taskId, version)
  const isDeleted = found && (version === null || found.seen_version === version)
  if (series && isDeleted && found.status === 'open')
    await leaveOut(series, { id: taskId, occurrence: found.occurrence! })
  return found
}

async function deleteTask(userId: string, taskId: string, version: number | null) {
  const [found] = await sql<{ seen_version: number; status: string; occurrence: string | null }[]>`
    with ${findTask(userId, taskId)},
    task as (
      update tasks
      set deleted_at = clock_now(), version = tasks.version + 1, updated_at = clock_now()
      from found
      where tasks.id = found.id and ${isVersion(version)}
      returning tasks.*
    ),
    ${cancelReminders()},
    ${emit('task.deleted', 'task')}
    select version as seen_version, status, occurrence
    from found`
  return found
}
