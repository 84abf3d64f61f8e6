/** Starting a series. */
import type { InferOutput } from 'valibot'
import type { RecurringTask, RecurringTaskDraft } from '../contract/recurring-task.ts'
import { nextOccurrence } from '../recurrence/expand.ts'
import { makeOccurrence } from './occurrences.ts'
import { emit } from './outbox.ts'
import { seriesOf, type RuleFields } from './rule.ts'
import { dayBefore, scheduleAfter } from './schedule.ts'
import { lockSeries } from './series.ts'
import { sql } from './sql.ts'

/** What a new series is made from, but for its rule. */
export type Template = Pick<
  InferOutput<typeof RecurringTaskDraft>,
  'title' | 'priority' | 'tags' | 'reminders' | 'mode' | 'catch_up'
> & { description?: string | null | undefined; continues_id?: string }

/**
 * Adds a series, makes the task of its first occurrence, and announces both. Belongs into a transaction. The rule must have an
 * occurrence. Answers the id.
 */
export async function startSeries(
  userId: string,
  userZone: string,
  rule: RuleFields,
  template: Template,
): Promise<RecurringTask['id']> {
  const {
    title,
    description = null,
    priority,
    tags,
    reminders,
    mode,
    catch_up,
    continues_id = null,
  } = template
  const series = seriesOf(rule)
  const { key, due, index } = nextOccurrence(series, undefined, userZone)!
  const settled = mode === 'completion' ? dayBefore(key) : key
  const next = scheduleAfter({ series, mode, time_zone: userZone }, settled)
  const isActive = mode === 'completion' || next.next_occurrence !== null
  const [{ id }] = await sql<[{ id: string }]>`
    with series as (
      insert into recurring_tasks (
        user_id, title, description, priority, tags, reminders, mode, catch_up, continues_id,
        recurrence_type, recurrence_interval, recurrence_rule, start_date, end_date, timezone, month_end,
        settled_through, next_occurrence, next_due_at, next_created_at, is_active, ended_at
      )
      values (
        ${userId}, ${title}, ${description}, ${priority}, ${tags}, ${reminders}, ${mode}, ${catch_up}, ${continues_id},
        ${rule.recurrence_type}, ${rule.recurrence_interval}, ${rule.recurrence_rule}, ${rule.start_date},
        ${rule.end_date}, ${rule.timezone}, ${rule.month_end},
        ${next.settled_through}, ${next.next_occurrence}, ${next.next_due_at}, ${next.next_created_at},
        ${isActive}, case when not ${isActive} then clock_now() end
      )
      returning *
    ),
    ${emit('recurring-task.created', 'series')}
    select id
    from series`
  await makeOccurrence((await lockSeries(userId, id))!, {
    key,
    due,
    number: index ?? firstOf(series.rule?.count),
  })
  return id
}

/** By completion, where the rule does not number its dates. */
const firstOf = (count: number | undefined) => (count === undefined ? null : 1)
