-- What a series may say beside the simple form, and what may become of an occurrence.

-- Keys are compared as text: digits and punctuation in the order of their codes, whatever the server's language is.
alter table tasks alter column occurrence type text collate "C";
alter table recurring_tasks alter column settled_through type text collate "C";

alter table recurring_tasks
  -- The rule of RFC 5545 where the simple form does not say it all; without its end (`end_date`) and its SKIP (`month_end`).
  add column recurrence_rule text,
  -- In which zone the rule is computed; null is the owner's, wherever that is.
  add column timezone text,
  add column mode text not null default 'schedule' check (mode in ('schedule', 'completion')),
  add column catch_up text not null default 'keep_one' check (catch_up in ('keep_one', 'skip_missed', 'keep_all')),
  add column month_end text not null default 'clamp' check (month_end in ('clamp', 'skip', 'forward')),
  add column reminders text[] not null default '{PT0S}',
  -- The series that this one was split from.
  add column continues_id uuid references recurring_tasks on delete set null,
  -- Set when the rule has nothing more; a series that its owner stopped has none.
  add column ended_at timestamptz,
  drop constraint recurring_tasks_recurrence_type_check,
  add check (recurrence_type in ('minutely', 'hourly', 'daily', 'weekly', 'monthly', 'yearly')),
  drop constraint recurring_tasks_check1,
  add check (next_occurrence is not null or not is_active or mode = 'completion'),
  add check (ended_at is null or not is_active);
-- Key up to which every occurrence is dealt with: it has a row in `tasks` or `virtual_occurrences`. A day is all its times.
comment on column recurring_tasks.settled_through is 'key of the last occurrence that is dealt with';

update recurring_tasks
set ended_at = updated_at
where next_occurrence is null;

create index recurring_tasks_continues on recurring_tasks (continues_id) where continues_id is not null;

alter table tasks
  -- How long before it is due its owner is reminded: ISO 8601 durations.
  add column reminders text[] not null default '{PT0S}',
  -- Which fields were changed on this occurrence alone: a change of the series leaves them.
  add column overrides text[] not null default '{}',
  -- "3 of 10": which one it is of a rule with COUNT, from 1, and of how many.
  add column occurrence_number integer,
  add column occurrence_count integer,
  -- How many occurrences before it were missed since the last that was not, and since when one is owed.
  add column missed_count integer not null default 0,
  add column overdue_since timestamptz,
  -- The task by whose closing this one was made: taking that back retracts it.
  add column spawned_by uuid,
  -- The task that was closed in its place, because a later occurrence had come.
  add column closed_with uuid,
  add column closed_at timestamptz,
  add column closed_by text;
update tasks
set closed_at = completed_at, closed_by = 'task-complete'
where status = 'done';
alter table tasks
  drop constraint tasks_status_check,
  add check (status in ('open', 'done', 'skipped', 'missed', 'cancelled'));

create index tasks_open_of_series on tasks (recurring_task_id, occurrence)
  where status = 'open' and deleted_at is null and recurring_task_id is not null;

alter table reminders
  -- Which of the task's reminders it is: how long before the due time.
  add column before text not null default 'PT0S';

-- What is known of an occurrence that was never a task: skipped in advance, or missed while nothing ran.
create table virtual_occurrences (
  recurring_task_id uuid not null references recurring_tasks on delete cascade,
  occurrence text collate "C" not null,
  state text not null check (state in ('skipped', 'missed')),
  due_date text not null,
  due_at timestamptz not null,
  occurrence_number integer,
  closed_at timestamptz not null default clock_now(),
  closed_by text,
  primary key (recurring_task_id, occurrence)
);

-- With which version of the time zone database the instants of local due dates were computed; one row.
create table time_zone_data (
  only_one boolean primary key default true check (only_one),
  version text not null,
  -- While another version is being taken over: the users up to this one are done.
  through_user uuid
);

alter table preferences
  -- When a day begins for its owner: until then it is still the day before.
  add column day_start time not null default '00:00' check (day_start <= '12:00');
