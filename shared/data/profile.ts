/** The profile of a user: account, preferences and statistics are rows of three tables, of which two may not exist yet. */
import { Problem } from '../contract/problem.ts'
import type { Profile } from '../contract/profile.ts'
import { sql } from './sql.ts'

/** Throws a `Problem` when the account was deleted in the meantime. */
export async function readProfile(userId: string): Promise<Profile> {
  const [profile] = await sql<Profile[]>`
    select
      users.id,
      case when users.email not like '%@invalid' then users.email end as email,
      users.name,
      coalesce(preferences.time_zone, 'UTC') as time_zone,
      coalesce(preferences.locale, 'en') as locale,
      coalesce(preferences.week_start, 1) as week_start,
      to_char(coalesce(preferences.reminder_time, '09:00'), 'HH24:MI') as reminder_time,
      to_char(coalesce(preferences.day_start, '00:00'), 'HH24:MI') as day_start,
      coalesce(preferences.channels, '{in_app,email}') as channels,
      coalesce(preferences.version, 1) as version,
      jsonb_build_object(
        'created', coalesce(done.created, 0),
        'updated', coalesce(done.updated, 0),
        -- A reopening may be counted before the completion that it takes off.
        'completed', greatest(coalesce(done.completed, 0), 0),
        'completed_on_time', greatest(coalesce(done.completed_on_time, 0), 0),
        'deleted', coalesce(done.deleted, 0)) as statistics
    from users
    left join preferences on preferences.user_id = users.id
    left join task_statistics as done on done.user_id = users.id
    where users.id = ${userId}`
  if (!profile) throw new Problem('not_found', 'This account does not exist any more.')
  return profile
}
