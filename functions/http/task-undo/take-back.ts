/** What takes each command back. */
import { isDeepStrictEqual } from 'node:util'
import { Problem } from '../../../shared/contract/problem.ts'
import type { Task } from '../../../shared/contract/task.ts'
import { changeTask } from '../../../shared/data/change-task.ts'
import { completeOfSeries } from '../../../shared/data/complete.ts'
import { closeOccurrence } from '../../../shared/data/close-occurrence.ts'
import { closeTasks } from '../../../shared/data/occurrences.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { reopenTask, restoreTask } from '../../../shared/data/reopen.ts'
import { lockSeries } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import {
  cancelReminders,
  lockTask,
  noSuchTask,
  seriesIdOf,
  type LockedTask,
} from '../../../shared/data/tasks.ts'
import type { Command } from './command.ts'

/** Does the opposite of a command. Answers the task, or nothing when the task itself is taken back. */
export async function takeBack(userId: string, taskId: string, command: Command): Promise<Task | undefined> {
  switch (command.event_type) {
    case 'task.created':
      return removeTask(taskId)
    case 'task.deleted':
      return restoreTask(userId, taskId)
    case 'task.completed':
    case 'task.skipped':
      await refuseUnless(userId, taskId, ['done', 'skipped'])
      return reopenTask(userId, taskId, null)
    case 'task.reopened':
    case 'task.restored':
      return closeAgain(userId, taskId, command)
    default:
      return changeBack(userId, taskId, command)
  }
}

/** It is still what the command made of it. */
async function refuseUnless(userId: string, taskId: string, statuses: string[]): Promise<LockedTask> {
  const seriesId = await seriesIdOf(userId, taskId)
  if (seriesId !== null) await lockSeries(userId, seriesId)
  const task = await lockTask(userId, taskId)
  if (!task) throw noSuchTask()
  if (statuses.includes(task.status)) return task
  throw new Problem('conflict', `It is ${task.status} by now.`)
}

async function closeAgain(userId: string, taskId: string, { was, was_completed_at }: Command): Promise<Task> {
  const task = await refuseUnless(userId, taskId, ['open'])
  const completedAt = was_completed_at ?? undefined
  const { id, recurring_task_id, occurrence, overrides } = task
  if (recurring_task_id === null || was === 'missed')
    return (await closeTasks([id], was === 'missed' ? 'missed' : 'done', { completedAt }))[0]!
  if (was !== 'skipped')
    return (await completeOfSeries(userId, { id, recurring_task_id }, null, completedAt)).task
  const series = await lockSeries(userId, recurring_task_id)
  if (!series) return (await closeTasks([id], 'skipped'))[0]!
  return (await closeOccurrence(series, { id, occurrence: occurrence!, overrides }, 'skipped')).task
}

/** The fields as they were before, if they are as the command left them. */
async function changeBack(userId: string, taskId: string, { changes }: Command): Promise<Task> {
  const task = await lockTask(userId, taskId)
  if (!task) throw noSuchTask()
  const fields = Object.entries(changes ?? {}) as [keyof Task, [unknown, unknown]][]
  const errors = fields
    .filter(([field, [, after]]) => !isDeepStrictEqual(task[field], after))
    .map(([field]) => ({ field, message: 'It was changed again since. Change it yourself.' }))
  if (errors.length > 0) throw new Problem('conflict', 'The task was changed again since.', { errors })
  const patch = Object.fromEntries(fields.map(([field, [before]]) => [field, before]))
  const { seen_version: _, ...changed } = (await changeTask(userId, taskId, null, patch))!
  return changed
}

async function removeTask(taskId: string): Promise<undefined> {
  await sql`
    with task as (
      update tasks
      set deleted_at = clock_now(), version = version + 1, updated_at = clock_now()
      where id = ${taskId} and deleted_at is null
      returning *
    ),
    ${cancelReminders()},
    ${emit('task.deleted', 'task')}
    select 1`
}
