/** A recurring task, which is a series of tasks, as the API takes and gives it. */
import * as v from 'valibot'
import { onTime } from '../recurrence/reminder.ts'
import { Description, DueDate, Id, Instant, Priority, Reminders, Tags, text, Title } from './fields.ts'
import { NextTask } from './task.ts'

const RecurrenceType = v.picklist(
  ['daily', 'weekly', 'monthly', 'yearly'],
  'Use daily, weekly, monthly or yearly; for all others, recurrence_rule.',
)

const intervalMessage = 'Use a whole number from 1 to 1,000.'

/** Every so many days, weeks, months or years. */
const RecurrenceInterval = v.pipe(
  v.number(intervalMessage),
  v.integer(intervalMessage),
  v.minValue(1, intervalMessage),
  v.maxValue(1_000, intervalMessage),
)

const Zone = v.string('Give the name of a time zone, such as Europe/Berlin.')

/** `schedule` goes on from the plan, `completion` from the day it was done. */
export const modes = ['schedule', 'completion'] as const

/**
 * What becomes of an open task when the next occurrence has come. `keep_one`: the new one takes its place and tells how many
 * were missed; `skip_missed`: the new one starts afresh; `keep_all`: it stays open, and the thirty latest with it.
 */
export const catchUps = ['keep_one', 'skip_missed', 'keep_all'] as const

/** A month without the day: its last day stands in, the month is left out, or the first day of the next stands in. */
const monthEnds = ['clamp', 'skip', 'forward'] as const

/** What says when: the seed's simple form, or a rule of RFC 5545. */
const ruleFields = {
  recurrence_type: v.exactOptional(RecurrenceType),
  recurrence_interval: v.exactOptional(RecurrenceInterval),
  /** RFC 5545, section 3.3.10, in place of type and interval: `FREQ=MONTHLY;BYDAY=3MO`. An UNTIL becomes `end_date`. */
  recurrence_rule: v.exactOptional(v.nullable(text(2_100))),
  /** Its form is the form of every due date of the series. Without one: now, as a local time on the minute. */
  start_date: v.exactOptional(DueDate),
  /** The last moment or day, itself included. */
  end_date: v.exactOptional(v.nullable(DueDate)),
  /** The zone whose calendar and clock the rule follows; null: those of its owner, wherever that is. */
  timezone: v.exactOptional(v.nullable(Zone)),
  month_end: v.exactOptional(v.picklist(monthEnds, 'Use clamp, skip or forward.')),
}

const Mode = v.picklist(modes, 'Use schedule or completion.')
const CatchUp = v.picklist(catchUps, 'Use keep_one, skip_missed or keep_all.')

/** What a series is made of. */
export const RecurringTaskDraft = v.strictObject({
  title: Title,
  description: v.nullish(Description),
  priority: v.optional(Priority, 2),
  tags: v.optional(Tags, []),
  reminders: v.optional(Reminders, [onTime]),
  ...ruleFields,
  mode: v.optional(Mode, 'schedule'),
  catch_up: v.optional(CatchUp, 'keep_one'),
})

/** A change of a series: a field that is left out stays as it is. */
export const RecurringTaskPatch = v.strictObject({
  title: v.exactOptional(Title),
  description: v.exactOptional(v.nullable(Description)),
  priority: v.exactOptional(Priority),
  tags: v.exactOptional(Tags),
  reminders: v.exactOptional(Reminders),
  ...ruleFields,
  mode: v.exactOptional(Mode),
  catch_up: v.exactOptional(CatchUp),
  /** `false` stops the series; `true` goes on with the next occurrence from now, without making up for missed ones. */
  is_active: v.exactOptional(v.boolean('Use true or false.')),
})
export type RecurringTaskPatch = v.InferOutput<typeof RecurringTaskPatch>

export const RecurringTask = v.strictObject({
  id: Id,
  user_id: Id,
  title: v.string(),
  description: v.nullable(v.string()),
  priority: v.picklist([1, 2, 3]),
  tags: v.array(v.string()),
  reminders: v.array(v.string()),
  recurrence_type: v.picklist(['minutely', 'hourly', 'daily', 'weekly', 'monthly', 'yearly']),
  recurrence_interval: v.number(),
  /** The whole rule as RFC 5545 and RFC 7529 write it. */
  recurrence_rule: v.string(),
  /** The rule in words, in the language that `Accept-Language` asks for. */
  sentence: v.string(),
  /** How many times in all, of a rule with COUNT. */
  count: v.nullable(v.number()),
  start_date: v.string(),
  end_date: v.nullable(v.string()),
  timezone: v.nullable(v.string()),
  mode: Mode,
  catch_up: CatchUp,
  month_end: v.picklist(monthEnds),
  /**
   * When the task after the open one will be due; null when the rule has nothing more, or when it depends on a completion. A
   * stopped series keeps it.
   */
  next_due_at: v.nullable(Instant),
  is_active: v.boolean(),
  /** The series that this one was split from. */
  continues_id: v.nullable(Id),
  /** The latest task of the series that is still open. */
  open_task_id: v.nullable(Id),
  last_created_at: v.nullable(Instant),
  version: v.number(),
  created_at: Instant,
  updated_at: Instant,
})
export type RecurringTask = v.InferOutput<typeof RecurringTask>

/** What a change of a series does to its tasks and dates. */
export const EditEffect = v.strictObject({
  /** Of the dates of the coming year, how many go or come. */
  dates_changed: v.number(),
  tasks_changed: v.number(),
  tasks_cancelled: v.number(),
  reminders_cancelled: v.number(),
  /** Open tasks with fields of their own that the new rule still has, and that it no longer has: those stay as they are. */
  overrides_kept: v.number(),
  conflicts: v.array(
    v.strictObject({
      ...NextTask.entries,
      due_date: v.nullable(v.string()),
      due_at: v.nullable(Instant),
      title: v.string(),
    }),
  ),
  /** All of it in words, in the language that `Accept-Language` asks for. */
  summary: v.string(),
})
export type EditEffect = v.InferOutput<typeof EditEffect>

/** `/api/recurring-tasks/{recurring_task_id}` */
export const RecurringTaskParams = v.object({ recurring_task_id: Id })

/** `/api/recurring-tasks/{recurring_task_id}/occurrences/{occurrence}` */
export const OccurrenceParams = v.object({
  ...RecurringTaskParams.entries,
  occurrence: v.pipe(v.string(), v.regex(/^[\w:.-]{1,64}$/)),
})
