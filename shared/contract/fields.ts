/** The fields that several resources have in common, with the sentence that an offender reads. */
import * as v from 'valibot'
import { parseDue } from '../recurrence/due.ts'
import { RecurrenceError } from '../recurrence/error.ts'
import { parseReminder } from '../recurrence/reminder.ts'

/** Text that Postgres and every JSON reader can hold: no NUL, no half of a surrogate pair. Length in characters. */
export const text = (lengthMax: number) =>
  v.pipe(
    v.string('Give a text.'),
    v.check((value) => !value.includes('\0'), 'The NUL character is not allowed.'),
    v.check(
      (value) => value.isWellFormed(),
      'The text has half of a surrogate pair: it is not valid Unicode.',
    ),
    v.check(
      (value) => value.length <= lengthMax || [...value].length <= lengthMax,
      `Use at most ${lengthMax} characters.`,
    ),
    v.metadata({ maxLength: lengthMax }),
  )

export const Id = v.pipe(v.string(), v.uuid())
export const Instant = v.pipe(v.string(), v.isoTimestamp())

export const Title = v.pipe(text(500), v.trim(), v.minLength(1, 'Give a title of 1 to 500 characters.'))
export const Description = text(10_000)

export const Priority = v.picklist([1, 2, 3], 'Use 1 (high), 2 (medium) or 3 (low).')

export const Tags = v.pipe(
  v.array(
    v.pipe(text(50), v.trim(), v.minLength(1, 'A tag has 1 to 50 characters.')),
    'Give a list of tags.',
  ),
  v.maxLength(20, 'Use at most 20 tags.'),
  v.check((tags) => new Set(tags).size === tags.length, 'A tag is given twice.'),
)

/** `skipped`, `missed` and `cancelled` are occurrences of a series. */
export const statuses = ['open', 'done', 'skipped', 'missed', 'cancelled'] as const
export const Status = v.picklist(statuses, `Use one of ${statuses.join(', ')}.`)
export type Status = v.InferOutput<typeof Status>

/** How long before the due time: `PT0S`, `PT30M`, `PT1H`, `P1D`. Days are calendar days, hours and minutes exact. */
export const Reminders = v.pipe(
  v.array(
    v.pipe(
      v.string('Give a duration as text.'),
      v.rawCheck(({ dataset, addIssue }) => {
        if (dataset.typed) told(() => parseReminder(dataset.value), addIssue)
      }),
    ),
    'Give a list of durations before the due time.',
  ),
  v.maxLength(10, 'Use at most 10 reminders.'),
  v.check((reminders) => new Set(reminders).size === reminders.length, 'A reminder is given twice.'),
)

/**
 * A due date in one of four forms, given back as it came: an instant (`2025-01-15T17:00:00Z`), a date (`2025-01-15`), a
 * local time that follows the user (`2025-01-15T17:00:00`) or one that is fixed to a zone
 * (`2025-01-15T17:00:00[Europe/Berlin]`).
 */
export const DueDate = v.pipe(
  v.string('Give a date or a date with a time, as text.'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) told(() => parseDue(dataset.value), addIssue)
  }),
)

/** Makes an issue of what the engine refuses. */
function told(parse: () => unknown, addIssue: (issue: { message: string }) => void): void {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof RecurrenceError)) throw error
    addIssue({ message: error.message })
  }
}

/** An instant in the input (`2025-01-15T17:00:00Z`, or with an offset), of a day and an hour that exist. */
export const InstantInput = v.pipe(
  v.string('Give an instant as text.'),
  v.check((value) => {
    try {
      return parseDue(value).kind === 'instant'
    } catch (error) {
      if (!(error instanceof RecurrenceError)) throw error
      return false
    }
  }, 'Use an instant such as 2025-01-15T17:00:00Z, of a year from 1970 to 2200.'),
)
