/** One round of the due scan. */
import { emit } from '../../../shared/data/outbox.ts'
import { wake } from '../../../shared/data/signal.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { reminderLateness } from '../../../shared/runtime/metrics.ts'

const batchMax = 1_000

/**
 * Fires what is due, and answers how many milliseconds remain until the next reminder (0: there is more). `skip locked`
 * lets several scans work side by side; a reminder and its event change state in one statement. Late ones are fired all
 * the same: what makes them late is told by the notification.
 */
export async function fireReminders(): Promise<number> {
  const [, fired] = await transaction(() => Promise.all([readInOrder(), fire()]))
  for (const { late_seconds } of fired) reminderLateness.observe(late_seconds)
  if (fired.length > 0) wake(['outbox-relay'])
  return fired.length === batchMax ? 0 : untilNextMs()
}

/**
 * Makes Postgres read by the index that has the order, and stop at the limit. While it has not counted a young table it thinks that
 * little is due: then it reads all that is, and sorts it, for each batch again.
 */
const readInOrder = () => sql`select set_config('enable_sort', 'off', true)`

const fire = () => sql<{ late_seconds: number }[]>`
  with due as (
    select id
    from reminders
    where state = 'planned' and remind_at <= clock_now()
    order by remind_at, id
    -- Written out: with a parameter Postgres may plan for a tenth of the table, and read all of it.
    limit ${sql.unsafe(String(batchMax))}
    for update skip locked
  ),
  fired as (
    update reminders
    set state = 'fired', fired_at = clock_now()
    -- An array, and one task at a time: by index. As joins, all reminders and all tasks are read while they are few enough.
    where id = any(array(select id from due))
    returning id as reminder_id, task_id, remind_at
  ),
  task as (
    select task.*, fired.reminder_id, fired.remind_at
    from fired
    cross join lateral (select * from tasks where id = fired.task_id limit 1) as task
  ),
  ${emit('task.due-soon', 'task', sql`jsonb_build_object('reminder_id', task.reminder_id, 'remind_at', task.remind_at)`)}
  select extract(epoch from clock_now() - remind_at)::float8 as late_seconds
  from fired`

/** Read from the partial index: a few pages, whatever the table holds. */
async function untilNextMs(): Promise<number> {
  const [next] = await sql<{ ms: number }[]>`
    select greatest(0, extract(epoch from remind_at - clock_now()) * 1000)::float8 as ms
    from reminders
    where state = 'planned'
    order by remind_at, id
    limit 1`
  // At least one: a reminder that is due but locked belongs to another scan.
  return next ? Math.max(1, Math.ceil(next.ms)) : 60_000
}
