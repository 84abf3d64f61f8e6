/** Changes the given preferences of the caller, and plans anew whatever is read by their clock. */
import type { InferOutput } from 'valibot'
import type { Profile } from '../../../shared/contract/profile.ts'
import { readProfile } from '../../../shared/data/profile.ts'
import { replan } from '../../../shared/data/replan.ts'
import { recomputeSeries } from '../../../shared/data/series.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, versionMismatch } from '../../../shared/http/etag.ts'
import { body } from '../../../shared/http/validate.ts'
import { Body } from './schema.ts'

export default createApp().on(['PUT', 'PATCH'], '/api/me', requireUser, body(Body), async (c) => {
  const version = expectedVersion(c.req.header('if-match'))
  const reply = await transaction(() => change(c.var.userId, version, c.req.valid('json')))
  return c.json(reply, 200, { etag: etag(reply) })
})

async function change(userId: string, version: number | null, patch: InferOutput<typeof Body>) {
  // Locked in a statement of its own, so that the next one sees what an earlier change has left.
  await sql`select 1 from users where id = ${userId} for no key update`
  const before = await readProfile(userId)
  if (version !== null && version !== before.version) throw versionMismatch()
  const after = { ...before, ...patch, version: before.version + 1 }
  if (Object.keys(patch).every((name) => isSame(before, after, name as keyof Profile))) {
    return { ...before, replanned: 0 }
  }
  await write(after)
  const isMoved = !isSame(before, after, 'time_zone')
  if (isMoved) await recomputeSeries(userId)
  const replanned = isMoved || !isSame(before, after, 'reminder_time') ? await replan(userId, after) : 0
  return { ...after, replanned }
}

const isSame = (before: Profile, after: Profile, field: keyof Profile): boolean =>
  JSON.stringify(before[field]) === JSON.stringify(after[field])

const write = ({
  id,
  name,
  time_zone,
  locale,
  week_start,
  reminder_time,
  day_start,
  channels,
  version,
}: Profile) => sql`
  with named as (
    update users
    set name = ${name}, updated_at = clock_now()
    where id = ${id} and name <> ${name}
  )
  insert into preferences
    (user_id, time_zone, locale, week_start, reminder_time, day_start, channels, version, updated_at)
  values
    (${id}, ${time_zone}, ${locale}, ${week_start}, ${reminder_time}, ${day_start}, ${channels}, ${version},
      clock_now())
  on conflict (user_id) do update
  set
    time_zone = excluded.time_zone, locale = excluded.locale, week_start = excluded.week_start,
    reminder_time = excluded.reminder_time, day_start = excluded.day_start, channels = excluded.channels, version = excluded.version,
    updated_at = excluded.updated_at`
