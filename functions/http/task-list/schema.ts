import * as v from 'valibot'
import { DueDate, Id, statuses, text } from '../../../shared/contract/fields.ts'
import { Task } from '../../../shared/contract/task.ts'
import { pageOf, paging } from '../../../shared/http/paging.ts'

const sorts = [
  'due_date',
  '-due_date',
  'created_at',
  '-created_at',
  'updated_at',
  '-updated_at',
  'priority',
  '-priority',
] as const

const Words = (lengthMax: number, message: string) =>
  v.pipe(text(lengthMax), v.trim(), v.minLength(1, message))

const Day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/), DueDate)

/** Filters narrow each other down. */
export const Query = v.strictObject({
  ...paging,
  sort: v.pipe(
    v.optional(v.picklist(sorts, `Use one of ${sorts.join(', ')}.`), '-created_at'),
    v.description('`-` is descending. Tasks without a due date come last in both directions.'),
  ),
  status: v.optional(
    v.pipe(
      v.picklist([...statuses, 'all'], `Use ${statuses.join(', ')} or all.`),
      v.description('Without it: open and done.'),
    ),
  ),
  priority: v.optional(v.picklist(['1', '2', '3'], 'Use 1 (high), 2 (medium) or 3 (low).')),
  tag: v.optional(Words(50, 'Give a tag of 1 to 50 characters.')),
  due_before: v.optional(
    v.pipe(DueDate, v.description("Due before this instant, or before this day in the user's time zone.")),
  ),
  due_after: v.optional(
    v.pipe(DueDate, v.description("Due after this instant, or after this day in the user's time zone.")),
  ),
  due_on: v.optional(
    v.pipe(
      v.union([v.literal('today'), Day], 'Use today or a date, such as 2025-01-15.'),
      v.description("Due on this day, as the user's time zone and day start have it."),
    ),
  ),
  overdue: v.optional(
    v.pipe(
      v.literal('true', 'Use true, or leave it out.'),
      v.description('Only tasks that are open and whose due instant has come.'),
    ),
  ),
  recurring_task_id: v.optional(v.pipe(Id, v.description('Only the tasks that this series made.'))),
  q: v.optional(
    v.pipe(
      Words(200, 'Give something to search for.'),
      v.description(
        'Words in title or description; "a phrase" in quotes, or between alternatives, - excludes.',
      ),
    ),
  ),
  user_id: v.optional(
    v.pipe(Id, v.description("The caller's own id changes nothing; for any other the list is empty.")),
  ),
})

export const Reply = pageOf(Task)
