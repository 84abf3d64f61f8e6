-- Time and identifiers that every table uses, and the tables of the auth function.

-- The one clock of everything durable. A database-level setting may move it, which is how the tests travel in time:
--   alter database ... set todo.clock_offset = '3 days'
-- It is `stable`, so `due_at <= clock_now()` can use an index (`clock_timestamp()` cannot).
create function clock_now() returns timestamptz
language sql stable parallel safe
return now() + coalesce(nullif(current_setting('todo.clock_offset', true), ''), '0')::interval;

-- An instant as the API writes it, for JSON that is built in SQL: `jsonb` would write the zone of the session as an offset.
create function rfc3339(at timestamptz) returns text
language sql stable parallel safe
return rtrim(rtrim(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z';

-- Time-ordered identifiers (RFC 9562 version 7). Postgres 18 has its own; older servers get the same bits from this one.
do $$
begin
  if current_setting('server_version_num')::int >= 180000 then
    create function uuid_v7() returns uuid language sql volatile parallel safe return uuidv7();
  else
    create function uuid_v7() returns uuid language sql volatile parallel safe
    return encode(
      set_bit(set_bit(
        overlay(
          uuid_send(gen_random_uuid())
          placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6),
        52, 1), 53, 1),
      'hex')::uuid;
  end if;
end
$$;

create table users (
  id uuid primary key default uuid_v7(),
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key default uuid_v7(),
  user_id uuid not null references users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user_id on sessions (user_id);
create index sessions_expired on sessions (expires_at);

create table accounts (
  id uuid primary key default uuid_v7(),
  user_id uuid not null references users on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index accounts_user_id on accounts (user_id);

create table verifications (
  id uuid primary key default uuid_v7(),
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

create table jwks (
  id text primary key default (uuid_v7()::text),
  public_key text not null,
  private_key text not null,
  alg text,
  crv text,
  created_at timestamptz not null default now(),
  -- When it stops signing; it verifies until the tokens that it signed have ended.
  expires_at timestamptz
);

-- Tries of one caller, counted in a window of time. Unlogged: after a crash everybody starts anew.
create unlogged table rate_limits (
  key text primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index rate_limits_ended on rate_limits (ends_at);

-- How a person wants dates read and reminders sent. A user without a row has the defaults.
create table preferences (
  user_id uuid primary key references users on delete cascade,
  time_zone text not null default 'UTC',
  locale text not null default 'en',
  week_start smallint not null default 1 check (week_start between 1 and 7),
  reminder_time time not null default '09:00',
  channels text[] not null default '{in_app,email}',
  version integer not null default 1,
  updated_at timestamptz not null default now()
);
