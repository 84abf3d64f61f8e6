/**
 * Skips an occurrence of a series: the open one, whose series goes on with the next, or one that is still to come, which will
 * not be made. `overdue` in place of a key skips every open one whose time has come.
 */
import type { InferOutput } from 'valibot'
import { Problem } from '../../../shared/contract/problem.ts'
import type { NextTask } from '../../../shared/contract/task.ts'
import { findOccurrence } from '../../../shared/data/find-occurrence.ts'
import { closeOccurrence } from '../../../shared/data/close-occurrence.ts'
import { isOverdue, openTasks, recordVirtual, type OpenTask } from '../../../shared/data/occurrences.ts'
import { scheduleAfter } from '../../../shared/data/schedule.ts'
import {
  lockSeries,
  noSuchSeries,
  standingOf,
  writeSchedule,
  type LockedSeries,
} from '../../../shared/data/series.ts'
import { transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { params } from '../../../shared/http/validate.ts'
import { Params, type Reply } from './schema.ts'

export default createApp().post(
  '/api/recurring-tasks/:recurring_task_id/occurrences/:occurrence/skip',
  requireUser,
  params(Params),
  async (c) => {
    const { recurring_task_id, occurrence } = c.req.valid('param')
    return c.json(await transaction(() => skip(c.var.userId, recurring_task_id, occurrence)))
  },
)

type Skipped = InferOutput<typeof Reply>

async function skip(userId: string, seriesId: string, key: string): Promise<Skipped> {
  const series = await lockSeries(userId, seriesId)
  if (!series) throw noSuchSeries()
  const open = await openTasks(seriesId)
  if (key === 'overdue')
    return skipOpen(
      userId,
      seriesId,
      open.filter((task) => isOverdue(series, task)),
    )
  const task = open.find(({ occurrence }) => occurrence === key)
  return task ? skipOpen(userId, seriesId, [task]) : skipVirtual(series, key)
}

/** Oldest first, and the series as each of them leaves it: only the last one has a next. */
async function skipOpen(userId: string, seriesId: string, tasks: OpenTask[]): Promise<Skipped> {
  const skipped: string[] = []
  let next: NextTask | null = null
  for (const task of tasks) {
    const series = (await lockSeries(userId, seriesId))!
    const still = (await openTasks(seriesId)).some(({ id }) => id === task.id)
    if (!still) continue
    const closed = await closeOccurrence(series, task, 'skipped')
    skipped.push(closed.task.occurrence!)
    next = closed.next ?? next
  }
  return { skipped, next }
}

async function skipVirtual(series: LockedSeries, key: string): Promise<Skipped> {
  const found = await findOccurrence(series, key)
  if (found.state === 'task')
    throw new Problem('conflict', 'This occurrence is closed already. Skip an open one.')
  await recordVirtual(series, 'skipped', [found.occurrence])
  const standing = standingOf({ ...series, exceptions: [...series.exceptions, key] })
  const schedule = scheduleAfter(standing, series.settled_through)
  if (series.is_active) await writeSchedule(series.id, schedule, schedule.next_occurrence === null)
  return { skipped: [key], next: null }
}
