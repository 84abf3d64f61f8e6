-- Tasks, the series that make them, and the reminders planned for them.

create extension if not exists btree_gin;

create table recurring_tasks (
  id uuid primary key default uuid_v7(),
  user_id uuid not null references users on delete cascade,
  title text not null check (char_length(title) between 1 and 500),
  description text check (char_length(description) <= 10000),
  priority smallint not null default 2 check (priority between 1 and 3),
  tags text[] not null default '{}',
  recurrence_type text not null check (recurrence_type in ('daily', 'weekly', 'monthly', 'yearly')),
  recurrence_interval integer not null default 1 check (recurrence_interval between 1 and 1000),
  start_date text not null,
  end_date text,
  -- Local day up to which every occurrence is dealt with: its task was made, or it was given up.
  settled_through text not null,
  -- Original local date of the next occurrence to be made: with the series it is that occurrence's key. All three are null
  -- when the rule has nothing more; a series that its owner stopped keeps them.
  next_occurrence text,
  next_due_at timestamptz,
  -- When its task is made: a date is made as its day begins and due when it ends, everything else when it is due.
  next_created_at timestamptz,
  last_created_at timestamptz,
  is_active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default clock_now(),
  updated_at timestamptz not null default clock_now(),
  deleted_at timestamptz,
  check (num_nulls(next_occurrence, next_due_at, next_created_at) in (0, 3)),
  check (next_occurrence is not null or not is_active)
);
create index recurring_tasks_list on recurring_tasks (user_id, created_at, id) where deleted_at is null;
-- What recurrence-scan claims: only series that still have something to make.
create index recurring_tasks_due on recurring_tasks (next_created_at, id)
  where is_active and deleted_at is null;

create index recurring_tasks_deleted on recurring_tasks (deleted_at) where deleted_at is not null;

create table tasks (
  id uuid primary key default uuid_v7(),
  user_id uuid not null references users on delete cascade,
  title text not null check (char_length(title) between 1 and 500),
  description text check (char_length(description) <= 10000),
  priority smallint not null default 2 check (priority between 1 and 3),
  status text not null default 'open' check (status in ('open', 'done')),
  tags text[] not null default '{}',
  -- The due date in the form it was given (instant, date, floating or zoned) and the instant at which the task is overdue.
  due_date text,
  due_at timestamptz,
  notified boolean not null default false,
  recurring_task_id uuid references recurring_tasks on delete set null,
  occurrence text,
  version integer not null default 1,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Deleting hides the row for 30 days, then housekeeping removes it with its history.
  deleted_at timestamptz,
  search tsvector generated always as (to_tsvector('simple', title || ' ' || coalesce(description, ''))) stored,
  check ((due_date is null) = (due_at is null)),
  check ((status = 'done') = (completed_at is not null)),
  unique (recurring_task_id, occurrence)
);
create index tasks_by_creation on tasks (user_id, created_at, id) where deleted_at is null;
create index tasks_by_due on tasks (user_id, due_at, id) where deleted_at is null;
-- What is still to do, however much was done: a list of open tasks never reads the finished ones.
create index tasks_open_by_due on tasks (user_id, due_at, id) where status = 'open' and deleted_at is null;
create index tasks_by_update on tasks (user_id, updated_at, id) where deleted_at is null;
create index tasks_by_priority on tasks (user_id, priority, id) where deleted_at is null;
create index tasks_by_tag on tasks using gin (user_id, tags) where deleted_at is null;
create index tasks_by_text on tasks using gin (user_id, search) where deleted_at is null;
create index tasks_deleted on tasks (deleted_at) where deleted_at is not null;

create table reminders (
  id uuid primary key default uuid_v7(),
  task_id uuid not null references tasks on delete cascade,
  user_id uuid not null references users on delete cascade,
  remind_at timestamptz not null,
  state text not null default 'planned' check (state in ('planned', 'fired', 'cancelled')),
  created_at timestamptz not null default now(),
  fired_at timestamptz
);
create index reminders_task on reminders (task_id);
create index reminders_user on reminders (user_id);
-- What due-scan claims and what its next wake-up is read from: small, whatever the table holds.
create index reminders_planned on reminders (remind_at, id) where state = 'planned';

create table task_statistics (
  user_id uuid primary key references users on delete cascade,
  created integer not null default 0,
  updated integer not null default 0,
  completed integer not null default 0,
  completed_on_time integer not null default 0,
  deleted integer not null default 0,
  updated_at timestamptz not null default now()
);
