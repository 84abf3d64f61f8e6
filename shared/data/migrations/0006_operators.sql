-- Who may look at dead letters and send them again. A row is written by whoever can reach the database, never through the API.
create table operators (
  user_id uuid primary key references users on delete cascade,
  created_at timestamptz not null default clock_now()
);
