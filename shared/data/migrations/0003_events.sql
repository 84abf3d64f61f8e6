-- The event log, the outbox that feeds the broker, the inbox that makes effects happen once, and the dead letters.

-- Append-only. The body of every event, by month: a month that is too old is dropped whole.
create table task_event_log (
  id uuid not null default uuid_v7(),
  task_id uuid references tasks on delete cascade,
  -- No foreign key: the history of a task outlives the series that it came from.
  recurring_task_id uuid,
  user_id uuid not null references users on delete cascade,
  event_type text not null,
  topic text,
  event_data jsonb not null check (pg_column_size(event_data) < 262144),
  cause jsonb not null default '{}',
  traceparent text,
  created_at timestamptz not null default clock_now(),
  primary key (id, created_at),
  check (task_id is not null or recurring_task_id is not null)
) partition by range (created_at);
create index task_event_log_task on task_event_log (task_id, created_at, id);
create index task_event_log_series on task_event_log (recurring_task_id) where recurring_task_id is not null;
create index task_event_log_user on task_event_log (user_id);
-- What event-reconcile compares with the inbox.
create index task_event_log_topic on task_event_log (topic, created_at) where topic is not null;

-- Small and hot: rows live from the commit of a write to the broker's acknowledgement. `position` is taken while the
-- task's row is locked, so the positions of one task are in the order of its versions.
create table outbox (
  position bigint generated always as identity primary key,
  event_id uuid not null,
  event_time timestamptz not null,
  topic text not null,
  partition_key uuid not null,
  shard smallint not null generated always as (abs(hashtext(partition_key::text) % 8)) stored
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index outbox_shard on outbox (shard, position);

-- One row per (consumer, event). The day of the event, not of its arrival, picks the partition: a redelivery after
-- midnight still meets the row of the first.
create table inbox (
  consumer text not null,
  event_id uuid not null,
  event_time timestamptz not null,
  handled_at timestamptz not null default clock_now(),
  primary key (consumer, event_id, event_time)
) partition by range (event_time);

-- Why deliveries failed so far, so that a dead letter can say it.
create table event_failures (
  consumer text not null,
  event_id uuid not null,
  attempts integer not null default 1,
  error text not null,
  failed_at timestamptz not null default clock_now(),
  primary key (event_id, consumer)
);
create index event_failures_age on event_failures (failed_at);

create table dead_letters (
  id uuid primary key default uuid_v7(),
  event_id uuid,
  -- What tells one dead letter from another: the id of the event, or a digest of a body that has none.
  fingerprint text not null,
  topic text,
  consumer text,
  event text not null,
  error text not null,
  -- Null when nobody counted.
  attempts integer,
  state text not null default 'stored' check (state in ('stored', 'replayed')),
  created_at timestamptz not null default clock_now(),
  replayed_at timestamptz,
  unique nulls not distinct (fingerprint, consumer, topic)
);
create index dead_letters_list on dead_letters (created_at, id);
create index dead_letters_event on dead_letters (event_id) where event_id is not null;
create index dead_letters_replayed on dead_letters (replayed_at) where state = 'replayed';

create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  request_hash text not null,
  status smallint,
  headers jsonb,
  body text,
  created_at timestamptz not null default clock_now(),
  primary key (user_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Of notifications and deliveries only the task is a foreign key: it takes them along when it goes, as it takes its reminders
-- and as its user takes it. Checking user and reminder too is a quarter of the time of planning a notification.
create table notifications (
  id uuid primary key default uuid_v7(),
  user_id uuid not null,
  task_id uuid not null references tasks on delete cascade,
  reminder_id uuid not null unique,
  kind text not null default 'due' check (kind in ('due')),
  title text not null,
  due_date text,
  due_at timestamptz,
  remind_at timestamptz not null,
  late_seconds integer not null default 0,
  created_at timestamptz not null default clock_now(),
  read_at timestamptz
);
create index notifications_list on notifications (user_id, created_at, id);
create index notifications_unread on notifications (user_id, created_at, id) where read_at is null;
create index notifications_task on notifications (task_id);

-- The ledger: one row per reminder and channel, and one per attempt.
create table deliveries (
  id uuid primary key default uuid_v7(),
  user_id uuid not null,
  task_id uuid not null references tasks on delete cascade,
  reminder_id uuid not null,
  channel text not null check (channel in ('in_app', 'email')),
  state text not null default 'planned' check (state in ('planned', 'sent', 'failed', 'unknown', 'cancelled')),
  reason text,
  attempts integer not null default 0,
  -- Set while an attempt has no outcome: nobody else may send then, and if it stays, nobody knows what became of it.
  sending_since timestamptz,
  planned_at timestamptz not null default clock_now(),
  sent_at timestamptz,
  updated_at timestamptz not null default clock_now(),
  unique (reminder_id, channel)
);
create index deliveries_task on deliveries (task_id);

create table delivery_attempts (
  delivery_id uuid not null references deliveries on delete cascade,
  attempt integer not null,
  started_at timestamptz not null default clock_now(),
  finished_at timestamptz,
  outcome text check (outcome in ('sent', 'failed', 'unknown')),
  reason text,
  primary key (delivery_id, attempt)
);

-- Makes the partition of `parent` from `from_time` to `to_time` unless it is there. Rows that came before their partition wait
-- in the default partition and move. Attached, not created in place: that would lock out everybody who reads or writes.
create function ensure_partition(parent text, suffix text, from_time timestamptz, to_time timestamptz, key text) returns void
language plpgsql as $$
declare
  name text := parent || '_' || suffix;
begin
  if to_regclass(name) is not null then
    return;
  end if;
  execute format('create table %I (like %I including all)', name, parent);
  execute format(
    'with moved as (delete from %1$I where %2$I >= $1 and %2$I < $2 returning *) insert into %3$I select * from moved',
    parent || '_other', key, name) using from_time, to_time;
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, name, from_time, to_time);
end
$$;

-- Months of the log and days of the inbox, made ahead of time; housekeeping calls it hourly and drops what is old.
create function ensure_partitions(ahead interval) returns void
language plpgsql set timezone = 'UTC' as $$
declare
  from_time timestamptz;
begin
  for from_time in
    select generate_series(date_trunc('month', clock_now(), 'UTC'), clock_now() + ahead, interval '1 month')
  loop
    perform ensure_partition(
      'task_event_log', to_char(from_time, 'YYYY_MM'), from_time, from_time + interval '1 month', 'created_at');
  end loop;
  for from_time in
    select generate_series(date_trunc('day', clock_now(), 'UTC'), clock_now() + least(ahead, interval '7 days'), interval '1 day')
  loop
    perform ensure_partition(
      'inbox', to_char(from_time, 'YYYY_MM_DD'), from_time, from_time + interval '1 day', 'event_time');
  end loop;
end
$$;

create table task_event_log_other partition of task_event_log default;
create table inbox_other partition of inbox default;
select ensure_partitions('3 months');
