/** Which tasks a query is about. */
import type { Fragment } from 'postgres'
import type { InferOutput } from 'valibot'
import { userPresent, type UserPresent } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { dueAt, ownClock, parseDue } from '../../../shared/recurrence/due.ts'
import type { Query } from './schema.ts'

type Given = InferOutput<typeof Query>

/**
 * The condition on `tasks`. What is not given is not in it: a condition on a parameter that may be null would keep Postgres
 * from using an index. For the same reason `status` is written out, which is how a partial index is recognised.
 */
export function matching(userId: string, given: Given, present: UserPresent): Fragment {
  const { time_zone: zone } = present
  const { status, due_on, priority, tag, due_before, due_after, overdue, recurring_task_id, q, user_id } =
    given
  const and = (value: unknown, condition: () => Fragment) => (value === undefined ? sql`` : condition())
  return sql`
    user_id = ${userId} and deleted_at is null
    ${and(user_id, () => sql`and user_id = ${user_id!}`)}
    ${statusIs(status)}
    ${and(overdue, () => overdueFor(present))}
    ${and(due_on, () => dueOn(due_on!, present))}
    ${and(priority, () => sql`and priority = ${priority!}`)}
    ${and(tag, () => sql`and tags @> ${[tag!]}::text[]`)}
    ${and(recurring_task_id, () => sql`and recurring_task_id = ${recurring_task_id!}`)}
    ${and(q, () => sql`and search @@ websearch_to_tsquery('simple', ${q!})`)}
    ${and(due_before, () => dueBefore(due_before!, zone))}
    ${and(due_after, () => dueAfter(due_after!, zone))}`
}

/** Written out, as above. What was skipped, missed or cancelled is told only to who asks for it. */
function statusIs(status: Given['status']): Fragment {
  if (status === 'all') return sql``
  if (status === undefined) return sql`and status in ('open', 'done')`
  return sql.unsafe(`and status = '${status}'`)
}

/** What the bounds are read with. */
export async function presentFor(
  userId: string,
  { due_before, due_after, due_on, overdue }: Given,
): Promise<UserPresent> {
  const kinds = [due_before, due_after].map((bound) => bound && parseDue(bound).kind)
  const local =
    kinds.includes('date') || kinds.includes('floating') || due_on !== undefined || overdue !== undefined
  return local ? userPresent(userId) : { now: '', time_zone: 'UTC', day_start: '00:00:00', reminder_time: '' }
}

/** A date is overdue when its day is over for its owner; everything else at its instant. */
function overdueFor({ time_zone, day_start }: UserPresent): Fragment {
  if (day_start.startsWith('00:00')) return sql`and status = 'open' and due_at <= clock_now()`
  return sql`
    and status = 'open' and due_at <= clock_now()
    and (
      due_date ~ 'T'
      or (due_at at time zone ${time_zone}) + ${day_start}::interval <= clock_now() at time zone ${time_zone}
    )`
}

/** Timed tasks from the start of the owner's day to that of the next; dates by their name. */
function dueOn(text: string, { now, time_zone, day_start }: UserPresent): Fragment {
  const today = ownClock(Temporal.Instant.from(now), time_zone, day_start).toPlainDate()
  const date = text === 'today' ? today : Temporal.PlainDate.from(text)
  const startOf = (day: Temporal.PlainDate) =>
    day.toZonedDateTime({ timeZone: time_zone, plainTime: day_start }).toInstant().toString()
  const midnight = dueAt({ kind: 'date', date }, time_zone).toString()
  const [from, to] = [startOf(date), startOf(date.add({ days: 1 }))]
  return sql`
    and due_at >= ${from}::timestamptz and due_at <= ${to}::timestamptz
    and case
      when due_date ~ 'T' then due_at < ${to}::timestamptz
      else due_at = ${midnight}::timestamptz
    end`
}

/** A task that is due on a date is due at the midnight that ends it. That midnight begins the next day for all others. */
function dueBefore(text: string, zone: string): Fragment {
  const due = parseDue(text)
  if (due.kind !== 'date') return sql`and due_at < ${dueAt(due, zone).toString()}::timestamptz`
  const start = dueAt({ kind: 'date', date: due.date.subtract({ days: 1 }) }, zone).toString()
  return sql`
    and due_at <= ${start}::timestamptz
    and (due_at < ${start}::timestamptz or due_date !~ 'T')`
}

function dueAfter(text: string, zone: string): Fragment {
  const due = parseDue(text)
  const at = dueAt(due, zone).toString()
  if (due.kind !== 'date') return sql`and due_at > ${at}::timestamptz`
  return sql`
    and due_at >= ${at}::timestamptz
    and (due_at > ${at}::timestamptz or due_date ~ 'T')`
}
