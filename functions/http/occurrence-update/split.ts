/** "This and following": a series ends before an occurrence, and another goes on from there. */
import type { RecurringTaskPatch } from '../../../shared/contract/recurring-task.ts'
import { applyEdit } from '../../../shared/data/apply-edit.ts'
import { changeTask } from '../../../shared/data/change-task.ts'
import { planEdit } from '../../../shared/data/edit.ts'
import { occurrenceToSplit } from '../../../shared/data/find-occurrence.ts'
import { occurrenceId } from '../../../shared/data/identity.ts'
import {
  closeTasks,
  makeOccurrence,
  openTasks,
  readBefore,
  type OpenTask,
} from '../../../shared/data/occurrences.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { seriesOf, type RuleFields } from '../../../shared/data/rule.ts'
import { scheduleAfter } from '../../../shared/data/schedule.ts'
import { lockSeries, standingOf, writeSchedule, type LockedSeries } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { planSplit } from '../../../shared/data/split.ts'
import { startSeries } from '../../../shared/data/start-series.ts'
import { lockTask } from '../../../shared/data/tasks.ts'
import { occurrenceAt } from '../../../shared/recurrence/expand.ts'

/**
 * Splits a series at an occurrence that is not closed, and answers the id of the one that goes on: the same series when it is
 * its first occurrence. The history stays with the old one. Open tasks from there on are cancelled; what was changed on them
 * by hand is changed on the tasks of the same date that take their place.
 */
export async function splitSeries(
  row: LockedSeries,
  key: string,
  patch: RecurringTaskPatch,
): Promise<string> {
  const at = await occurrenceToSplit(row, key)
  const split = planSplit(row, at, patch)
  if (!split) {
    const edit = planEdit(await readBefore(row), patch)
    if (edit.isChanged) await applyEdit(row, edit)
    return row.id
  }
  const { title, description, priority, tags, reminders, mode, catch_up } = patch
  const template = { title, description, priority, tags, reminders, mode, catch_up }
  const given = Object.fromEntries(Object.entries(template).filter(([, value]) => value !== undefined))
  const replaced = (await openTasks(row.id)).filter(({ occurrence }) => occurrence >= key)
  await closeTasks(
    replaced.map(({ id }) => id),
    'cancelled',
  )
  await endAt(row, split.old)
  const id = await startSeries(row.user_id, row.time_zone, split.next, {
    ...row,
    ...given,
    continues_id: row.id,
  })
  await carryOver(row, id, replaced)
  return id
}

async function endAt(row: LockedSeries, old: RuleFields): Promise<void> {
  const changes = {
    end_date: [row.end_date, old.end_date],
    recurrence_rule: [row.recurrence_rule, old.recurrence_rule],
  }
  await sql`
    with series as (
      update recurring_tasks
      set
        recurrence_rule = ${old.recurrence_rule}, end_date = ${old.end_date}, version = version + 1,
        updated_at = clock_now()
      where id = ${row.id}
      returning *
    ),
    ${emit('recurring-task.updated', 'series', sql`jsonb_build_object('changes', ${sql.json(changes)}::jsonb)`)}
    select 1`
  await settle({ ...row, ...old })
}

async function settle(row: LockedSeries): Promise<void> {
  const schedule = scheduleAfter(standingOf(row), row.settled_through)
  await writeSchedule(row.id, schedule, schedule.next_occurrence === null)
}

/** What its owner has skipped or changed ahead stays so, where the new series has the same date. */
async function carryOver(row: LockedSeries, id: string, replaced: OpenTask[]): Promise<void> {
  const goesOn = (await lockSeries(row.user_id, id))!
  const has = (key: string) => occurrenceAt(seriesOf(goesOn), key, row.time_zone)
  await sql`
    update virtual_occurrences
    set recurring_task_id = ${id}
    where recurring_task_id = ${row.id} and state = 'skipped' and occurrence = any(${row.exceptions.filter(has)})`
  await settle((await lockSeries(row.user_id, id))!)
  for (const task of replaced.filter(({ overrides }) => overrides.length > 0)) {
    const occurrence = has(task.occurrence)
    if (!occurrence) continue
    await makeOccurrence(goesOn, { key: task.occurrence, due: occurrence.due, number: occurrence.index })
    const changed = (await lockTask(row.user_id, task.id))!
    const patch = Object.fromEntries(
      task.overrides.map((field) => [field, changed[field as keyof typeof changed]]),
    )
    await changeTask(row.user_id, occurrenceId(id, task.occurrence), null, patch)
  }
}
