/** Which tasks a query is about. */
import type { Fragment } from 'postgres'
import type { InferOutput } from 'valibot'
import { userClock } from '../../../shared/data/due.ts'
import { sql } from '../../../shared/data/sql.ts'
import { dueAt, parseDue } from '../../../shared/recurrence/due.ts'
import type { Query } from './schema.ts'

type Given = InferOutput<typeof Query>

/**
 * The condition on `tasks`. What is not given is not in it: a condition on a parameter that may be null would keep Postgres
 * from using an index. For the same reason `status` is written out, which is how a partial index is recognised.
 */
export function matching(userId: string, given: Given, zone: string): Fragment {
  const { status, priority, tag, due_before, due_after, overdue, recurring_task_id, q, user_id } = given
  const and = (value: unknown, condition: () => Fragment) => (value === undefined ? sql`` : condition())
  return sql`
    user_id = ${userId} and deleted_at is null
    ${and(user_id, () => sql`and user_id = ${user_id!}`)}
    ${status === 'open' ? sql`and status = 'open'` : status === 'done' ? sql`and status = 'done'` : sql``}
    ${and(overdue, () => sql`and status = 'open' and due_at <= clock_now()`)}
    ${and(priority, () => sql`and priority = ${priority!}`)}
    ${and(tag, () => sql`and tags @> ${[tag!]}::text[]`)}
    ${and(recurring_task_id, () => sql`and recurring_task_id = ${recurring_task_id!}`)}
    ${and(q, () => sql`and search @@ websearch_to_tsquery('simple', ${q!})`)}
    ${and(due_before, () => dueBefore(due_before!, zone))}
    ${and(due_after, () => dueAfter(due_after!, zone))}`
}

/** The zone in which the bounds are meant: the user's, read only when one is local. */
export async function zoneOf(userId: string, { due_before, due_after }: Given): Promise<string> {
  const kinds = [due_before, due_after].map((bound) => bound && parseDue(bound).kind)
  const local = kinds.includes('date') || kinds.includes('floating')
  return local ? (await userClock(userId)).time_zone : 'UTC'
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
