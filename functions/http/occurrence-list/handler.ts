/** Lists the occurrences of a series in a window of time: what became of the past ones, and those that are still to come. */
import type { InferOutput } from 'valibot'
import { seriesOf } from '../../../shared/data/rule.ts'
import { noSuchSeries, readStanding, type LockedSeries } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { params, query } from '../../../shared/http/validate.ts'
import { dueAt, formatDue, parseDue } from '../../../shared/recurrence/due.ts'
import { occurrences } from '../../../shared/recurrence/expand.ts'
import { currentLanguage } from '../../../shared/runtime/context.ts'
import { Params, Query, type Reply } from './schema.ts'

type Item = InferOutput<typeof Reply>['items'][number]

const itemsMax = 1_000

export default createApp().get(
  '/api/recurring-tasks/:recurring_task_id/occurrences',
  requireUser,
  params(Params),
  query(Query),
  async (c) => {
    const series = await readStanding(c.var.userId, c.req.valid('param').recurring_task_id)
    if (!series) throw noSuchSeries()
    const window = windowOf(series, c.req.valid('query'))
    const ahead = await keysAhead(series)
    const items = [...(await recorded(series, window)), ...planned(series, window, ahead)].toSorted(byDue)
    return c.json({ items: items.slice(0, itemsMax), truncated: items.length > itemsMax })
  },
)

type Window = { from: Temporal.Instant; to: Temporal.Instant }

function windowOf({ now, time_zone }: LockedSeries, { from, to }: InferOutput<typeof Query>): Window {
  const present = Temporal.Instant.from(now)
  return {
    from: from === undefined ? present.subtract({ hours: 30 * 24 }) : startOf(from, time_zone),
    to: to === undefined ? present.add({ hours: 90 * 24 }) : startOf(to, time_zone),
  }
}

/** Of a day its beginning. A date is due at its end, which is after the beginning of its day and at that of the next. */
function startOf(text: string, zone: string): Temporal.Instant {
  const due = parseDue(text)
  return due.kind === 'date' ? due.date.toZonedDateTime(zone).toInstant() : dueAt(due, zone)
}

/**
 * A date belongs to the day before the midnight at which it is due. What was missed or skipped after its task was cancelled is
 * told once.
 */
const recorded = ({ id }: LockedSeries, { from, to }: Window) => sql<Item[]>`
  select occurrence, number, state, due_date, due_at, task_id, title, closed_at, closed_by, null as note
  from (
    select
      occurrence, occurrence_number as number, status as state, due_date, due_at, id as task_id, title, closed_at, closed_by
    from tasks
    where recurring_task_id = ${id} and deleted_at is null and not (
      status = 'cancelled' and exists (
        select from virtual_occurrences as since
        where since.recurring_task_id = ${id} and since.occurrence = tasks.occurrence
      )
    )
    union all
    select occurrence, occurrence_number, state, due_date, due_at, null, null, closed_at, closed_by
    from virtual_occurrences
    where recurring_task_id = ${id}
  ) as known
  where due_at is null or case
    when due_date like '%T%' then due_at >= ${from.toString()}::timestamptz and due_at < ${to.toString()}::timestamptz
    else due_at > ${from.toString()}::timestamptz and due_at <= ${to.toString()}::timestamptz
  end
  order by due_at, occurrence
  limit ${itemsMax + 1}`

/** Tasks that were made before their time, because they were changed. */
async function keysAhead({ id, settled_through }: LockedSeries): Promise<string[]> {
  const tasks = await sql<{ occurrence: string }[]>`
    select occurrence
    from tasks
    where recurring_task_id = ${id} and occurrence > ${settled_through} and status = 'open'
    limit ${itemsMax}`
  return tasks.map(({ occurrence }) => occurrence)
}

/** By completion nobody knows them yet. */
function planned(series: LockedSeries, { from, to }: Window, ahead: string[]): Item[] {
  if (!series.is_active || series.mode === 'completion') return []
  // A date is due at the midnight that ends it: what is due at `from` is of the day before, what is due at `to` of the last.
  const shift = { nanoseconds: series.start_date.includes('T') ? 0 : 1 }
  const [first, before] = [from.add(shift), to.add(shift)]
  const window = { after: series.settled_through, from: first, before, userZone: series.time_zone }
  const found = [
    ...occurrences(seriesOf(series, [...series.exceptions, ...ahead]), window).take(itemsMax + 1),
  ]
  return found.map((occurrence) => ({
    occurrence: occurrence.key,
    number: occurrence.index ?? null,
    state: 'planned',
    due_date: formatDue(occurrence.due),
    due_at: occurrence.at.toString(),
    task_id: null,
    title: null,
    closed_at: null,
    closed_by: null,
    note: occurrence.noteIn(currentLanguage()) ?? null,
  }))
}

const byDue = (a: Item, b: Item) => dueMs(a) - dueMs(b)

/** What has lost its due date comes last. */
const dueMs = ({ due_at }: Item) =>
  due_at === null ? Number.MAX_SAFE_INTEGER : Temporal.Instant.from(due_at).epochMilliseconds
