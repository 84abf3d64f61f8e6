/** One round of the recurrence scan. */
import { emit } from '../../../shared/data/outbox.ts'
import { seriesClock } from '../../../shared/data/series.ts'
import { wake } from '../../../shared/data/signal.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { advanceOrPostpone, type Advanced, type Claimed } from './advance.ts'

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
  if (claimed > 0) wake()
  return claimed === batchMax ? 0 : untilNextMs()
}

const claimSeries = () => sql<Claimed[]>`
  select
    id, recurrence_type, recurrence_interval, start_date, end_date,
    settled_through, next_occurrence, next_due_at, next_created_at, ${seriesClock()}
  from recurring_tasks
  where is_active and deleted_at is null and next_created_at <= clock_now()
  order by next_created_at, id
  limit ${batchMax}
  for update skip locked`

const writeAdvanced = (advanced: Advanced[]) => sql`
  with advanced as (
    select *
    from jsonb_to_recordset(${sql.json(advanced)}) as advanced (
      id uuid, settled_through text, next_occurrence text, next_due_at timestamptz, next_created_at timestamptz,
      occurrence text, due_date text, due_at timestamptz
    )
  ),
  written as (
    update recurring_tasks
    set
      settled_through = advanced.settled_through,
      next_occurrence = advanced.next_occurrence,
      next_due_at = advanced.next_due_at,
      next_created_at = advanced.next_created_at,
      is_active = advanced.next_occurrence is not null
    from advanced
    where recurring_tasks.id = advanced.id
    returning recurring_tasks.*, advanced.occurrence, advanced.due_date, advanced.due_at
  ),
  series as (
    select *
    from written
    where occurrence is not null
  ),
  ${emit(
    'recurring-task.due',
    'series',
    sql`jsonb_build_object('occurrence', series.occurrence, 'due_date', series.due_date, 'due_at', series.due_at)`,
  )}
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
