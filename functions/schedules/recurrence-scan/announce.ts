/** One round of the recurrence scan. */
import { emit } from '../../../shared/data/outbox.ts'
import { seriesColumns, standingColumns, type LockedSeries } from '../../../shared/data/series.ts'
import { wake } from '../../../shared/data/signal.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { advanceOrPostpone, type Advanced } from './advance.ts'

const batchMax = 100

/**
 * Announces what is due, and answers how many milliseconds remain until the next occurrence (0: there is more). `skip
 * locked` lets several scans work side by side; a series goes on and its event is written in one transaction.
 */
export async function announceOccurrences(): Promise<number> {
  const claimed = await transaction(async () => {
    const claimed = await claimSeries()
    if (claimed.length > 0) await writeAdvanced(claimed.map(advanceOrPostpone))
    return claimed.length
  })
  if (claimed > 0) wake(['outbox-relay'])
  return claimed === batchMax ? 0 : untilNextMs()
}

/** Read after they are locked, as `lockSeries` does. */
async function claimSeries(): Promise<LockedSeries[]> {
  const claimed = await sql<{ id: string }[]>`
    select id
    from recurring_tasks
    where is_active and deleted_at is null and next_created_at <= clock_now()
    order by next_created_at, id
    limit ${batchMax}
    for update skip locked`
  if (claimed.length === 0) return []
  return sql<LockedSeries[]>`
    select ${seriesColumns()}, ${standingColumns()}
    from recurring_tasks
    where id = any(${claimed.map(({ id }) => id)}::uuid[])`
}

/** Missed is what is no task, or a retracted one: the open task that a later one replaces is closed when that one is made. */
const writeAdvanced = (advanced: Advanced[]) => sql`
  with advanced as (
    select *
    from jsonb_to_recordset(${sql.json(advanced)}) as advanced (
      id uuid, settled_through text, next_occurrence text, next_due_at timestamptz, next_created_at timestamptz,
      is_ended boolean, due jsonb, missed jsonb
    )
  ),
  written as (
    update recurring_tasks
    set
      settled_through = advanced.settled_through,
      next_occurrence = advanced.next_occurrence,
      next_due_at = advanced.next_due_at,
      next_created_at = advanced.next_created_at,
      is_active = not is_ended,
      ended_at = case when is_ended then clock_now() end
    from advanced
    where recurring_tasks.id = advanced.id
    returning recurring_tasks.*, advanced.due, advanced.missed
  ),
  given_up as (
    insert into virtual_occurrences
      (recurring_task_id, occurrence, state, due_date, due_at, occurrence_number, closed_by)
    select written.id, missed.occurrence, 'missed', missed.due_date, missed.due_at, missed.number, 'recurrence-scan'
    from
      written,
      jsonb_to_recordset(written.missed) as missed (
        occurrence text, due_date text, due_at timestamptz, number integer
      )
    where not exists (
      select from tasks
      where tasks.recurring_task_id = written.id and tasks.occurrence = missed.occurrence and tasks.status <> 'cancelled'
      -- Looked up one by one: joined, with no idea of how many are missed, Postgres would read all tasks of all series.
      offset 0
    )
    on conflict do nothing
  ),
  series as (
    select written.*, occurrence.told
    from written, jsonb_array_elements(written.due) with ordinality as occurrence (told, position)
    order by written.id, occurrence.position
  ),
  ${emit('recurring-task.due', 'series', sql`series.told`)}
  select 1`

/** Read from the partial index: a few pages, whatever the table holds. */
async function untilNextMs(): Promise<number> {
  const [next] = await sql<{ ms: number }[]>`
    select greatest(0, extract(epoch from next_created_at - clock_now()) * 1000)::float8 as ms
    from recurring_tasks
    where is_active and deleted_at is null
    order by next_created_at, id
    limit 1`
  // At least one: a series that is due but locked belongs to another scan.
  return next ? Math.max(1, Math.ceil(next.ms)) : 60_000
}
