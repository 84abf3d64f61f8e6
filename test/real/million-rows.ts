/** A database of the size at which a wrong plan hurts: a million tasks, reminders and series of a few busy users and many others. */
import type { Sql } from 'postgres'

/** A user with 100,000 tasks, most of them done, and one with 25. */
export const busyUser = '00000000-0000-4000-8000-000000000001'
export const ordinaryUser = '00000000-0000-4000-8000-000000000100'

/** A daily series of the busy user that is kept up for years: all of its days are known, the last twenty are open. */
export const busySeries = '00000000-0000-4000-9000-000000000010'
/** How many. */
export const days = 2_000

const seriesId = (n: string) => `('00000000-0000-4000-9000-' || lpad((${n})::text, 12, '0'))::uuid`

/** Users 1 to 5 have half of the rows, the other 20,000 share the rest. */
const owner = (n: string) =>
  `
  ('00000000-0000-4000-8000-' || lpad((case when n % 2 = 0 then n / 2 % 5 + 1 else n / 2 % 20000 + 6 end)::text, 12, '0'))::uuid`.replaceAll(
    /\bn\b/g,
    n,
  )

const users = `
  insert into users (id, name, email)
  select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Test', n || '@example.org'
  from generate_series(1, 20005) as n`

/**
 * A third of all tasks are errands about groceries, but none of the busy user's, who is the owner of every tenth. Every third
 * belongs to a series of its owner.
 */
const tasks = `
  insert into tasks (
    user_id, recurring_task_id, occurrence, title, priority, status, tags, due_date, due_at, completed_at, created_at, updated_at
  )
  select
    ${owner('n')}, case when n % 3 = 0 then ${seriesId('n')} end, case when n % 3 = 0 then '2020-01-01T09:00:00' end,
    'Call w' || (random() * 1000)::int || ' about ' || case when errand then 'groceries' else 'w' || (random() * random() * 50000)::int end,
    ceil(random() * 3), case when open then 'open' else 'done' end,
    array['tag ' || (random() * 50)::int] || case when errand then array['errand'] end,
    due_at::text, due_at, case when not open then now() end,
    now() - random() * interval '1000 days', now() - random() * interval '1000 days'
  from (
    select
      n, random() < 0.05 as open, n % 10 > 0 and random() < 0.3 as errand,
      case when random() < 0.8 then now() + (random() - 0.9) * interval '1000 days' end as due_at
    from generate_series(1, 1000000) as n
  ) as drawn`

const reminders = `
  insert into reminders (task_id, user_id, remind_at, state)
  select
    id, user_id, coalesce(due_at, created_at),
    case when due_at > now() - interval '1 hour' then 'planned' else 'fired' end
  from tasks`

const series = `
  insert into recurring_tasks
    (id, user_id, title, recurrence_type, start_date, settled_through, next_occurrence, next_due_at, next_created_at, is_active)
  select
    ${seriesId('n')}, ${owner('n')}, 'Standup', 'daily', '2020-01-01T09:00:00', '2020-01-01', '2020-01-02T09:00:00',
    '2020-01-02T09:00:00Z', now() + (random() - 0.001) * interval '30 days', random() < 0.5
  from generate_series(1, 1000000) as n`

const seriesOfYears = `
  update recurring_tasks
  set
    start_date = to_char(now() - interval '${days} days', 'YYYY-MM-DD"T"09:00:00"Z"'), catch_up = 'keep_all', is_active = true,
    settled_through = to_char(now(), 'YYYY-MM-DD"T"09:00:00'),
    next_occurrence = to_char(now() + interval '1 day', 'YYYY-MM-DD"T"09:00:00'),
    next_due_at = date_trunc('day', now()) + interval '33 hours',
    next_created_at = date_trunc('day', now()) + interval '33 hours'
  where id = '${busySeries}'`

const itsTasks = `
  insert into tasks (user_id, recurring_task_id, occurrence, title, status, due_date, due_at, completed_at, closed_at)
  select
    '${busyUser}', '${busySeries}', to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS'), 'Standup',
    case when age < 20 then 'open' else 'done' end, rfc3339(due_at), due_at,
    case when age >= 20 then due_at end, case when age >= 20 then due_at end
  from
    generate_series(0, ${days}) as age,
    lateral (select date_trunc('day', now()) + interval '9 hours' - age * interval '1 day') as due (due_at)
  where age % 3 > 0`

const itsMissed = `
  insert into virtual_occurrences (recurring_task_id, occurrence, state, due_date, due_at)
  select '${busySeries}', to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS'), 'missed', rfc3339(due_at), due_at
  from
    generate_series(0, ${days}) as age,
    lateral (select date_trunc('day', now()) + interval '9 hours' - age * interval '1 day') as due (due_at)
  where age % 3 = 0`

const missed = `
  insert into virtual_occurrences (recurring_task_id, occurrence, state, due_date, due_at)
  select id, to_char(due_at, 'YYYY-MM-DD"T"HH24:MI:SS'), 'missed', rfc3339(due_at), due_at
  from
    recurring_tasks, generate_series(1, 2) as age,
    lateral (select timestamptz '2020-01-01T09:00:00Z' - age * interval '1 day') as due (due_at)
  limit 200000`

const events = `
  insert into task_event_log (task_id, user_id, event_type, topic, event_data, created_at)
  select id, user_id, 'task.created', 'task-created', '{}', now() - row_number() over () * interval '2 seconds'
  from tasks
  limit 200000`

const receipts = `
  insert into inbox (consumer, event_id, event_time)
  select 'task-statistics', id, created_at
  from task_event_log
  where random() < 0.999`

const queued = `
  insert into outbox (event_id, event_time, topic, partition_key)
  select id, created_at, topic, task_id
  from task_event_log
  order by created_at
  limit 100000`

/**
 * Fills the database in about a minute. Foreign keys are not checked row by row, and the indexes of `tasks` are made again
 * afterwards from their own definitions: both only save time. The connection keeps these settings; close it afterwards.
 */
export async function addMillionRows(sql: Sql): Promise<void> {
  const connection = await sql.reserve()
  await connection`set statement_timeout = 0`
  await connection`set session_replication_role = replica`
  await connection`set maintenance_work_mem = '256MB'`
  await connection`select setseed(0.5)`
  // Partitions for the days and the month before today, as housekeeping made them then.
  await connection`select set_config('todo.clock_offset', '-6 days', false)`
  await connection`select ensure_partitions('6 days')`
  await connection.unsafe(users)
  const indexes = await connection<{ indexname: string; indexdef: string }[]>`
    select indexname, indexdef
    from pg_indexes
    where tablename = 'tasks' and indexname not in (select conname from pg_constraint)`
  await connection.unsafe(series)
  await connection.unsafe(`drop index ${indexes.map(({ indexname }) => indexname).join()}`)
  await connection.unsafe(tasks)
  for (const { indexdef } of indexes) await connection.unsafe(indexdef)
  for (const text of [seriesOfYears, itsTasks, itsMissed, missed, reminders, events, receipts, queued])
    await connection.unsafe(text)
  await connection`vacuum analyze`
  connection.release()
}
