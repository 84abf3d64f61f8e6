/** Starts a series, makes the task of its first occurrence at once, and announces both. */
import type { InferOutput } from 'valibot'
import type { RecurringTask } from '../../../shared/contract/recurring-task.ts'
import { planWith, type Clock } from '../../../shared/data/due.ts'
import { emit } from '../../../shared/data/outbox.ts'
import {
  dayOf,
  firstOccurrence,
  insertOccurrence,
  minuteOf,
  scheduleAfter,
  seriesColumns,
  seriesOf,
} from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { planReminder } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag } from '../../../shared/http/etag.ts'
import { body } from '../../../shared/http/validate.ts'
import { formatDue } from '../../../shared/recurrence/due.ts'
import { Body } from './schema.ts'

export default createApp().post('/api/recurring-tasks', requireUser, body(Body), async (c) => {
  const series = await insertSeries(c.var.userId, c.req.valid('json'))
  return c.json(series, 201, { location: `/api/recurring-tasks/${series.id}`, etag: etag(series) })
})

async function insertSeries(userId: string, given: InferOutput<typeof Body>) {
  const { id, now, ...clock } = await begin(userId)
  const { title, description = null, priority, tags, recurrence_type, recurrence_interval } = given
  const { start_date = minuteOf(now, clock.time_zone), end_date = null } = given
  const rule = seriesOf({ recurrence_type, recurrence_interval, start_date, end_date })
  const first = firstOccurrence(rule, clock.time_zone)
  const next = scheduleAfter(rule, clock.time_zone, dayOf(first.key))
  const due = planWith(clock, first.due, formatDue(first.due))
  const [series] = await sql<[RecurringTask]>`
    with series as (
      insert into recurring_tasks (
        id, user_id, title, description, priority, tags,
        recurrence_type, recurrence_interval, start_date, end_date,
        settled_through, next_occurrence, next_due_at, next_created_at, is_active, last_created_at
      )
      values (
        ${id}, ${userId}, ${title}, ${description}, ${priority}, ${tags},
        ${recurrence_type}, ${recurrence_interval}, ${start_date}, ${end_date},
        ${next.settled_through}, ${next.next_occurrence}, ${next.next_due_at}, ${next.next_created_at},
        ${next.next_occurrence !== null}, clock_now()
      )
      returning ${seriesColumns()}
    ),
    ${insertOccurrence(id, { key: first.key, ...due })},
    ${planReminder(due.remind_at)},
    ${emit('recurring-task.created', 'series')},
    ${emit('task.created', 'task')}
    select ${seriesColumns()}
    from series`
  return series
}

/** What the first occurrence depends on: the id of the series, the present instant, and how the user reads dates. */
async function begin(userId: string) {
  const [row] = await sql<[Clock & { id: string; now: string }]>`
    select
      uuid_v7() as id,
      clock_now() as now,
      coalesce(max(time_zone), 'UTC') as time_zone,
      coalesce(max(reminder_time), '09:00')::text as reminder_time
    from preferences
    where user_id = ${userId}`
  return row
}
