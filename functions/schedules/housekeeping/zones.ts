/** What a new version of the time zone database moves. */
import { replan } from '../../../shared/data/replan.ts'
import { recomputeSeries } from '../../../shared/data/series.ts'
import { sql, transaction } from '../../../shared/data/sql.ts'
import type { Clock } from '../../../shared/recurrence/reminder.ts'
import { log } from '../../../shared/runtime/log.ts'

const batchSize = 100
const batchesMax = 100

/** Of this process; every process of a version of ours has the same. */
const ours = process.versions['tz'] ?? process.versions.node

/**
 * Computes the instants of local due dates again when they were computed with another version, user by user, as far as one
 * round goes; the next goes on there. Answers how many tasks moved.
 */
export async function followZoneData(version = ours): Promise<number> {
  let moved = 0
  for (let batch = 0; batch < batchesMax; batch++) {
    const done = await transaction(() => followBatch(version))
    if (done === undefined) break
    moved += done
  }
  return moved
}

type User = Clock & { id: string }

/** Undefined when there is nothing to do. One round at a time: the row is locked. */
async function followBatch(version: string): Promise<number | undefined> {
  const [data] = await sql<{ version: string; through_user: string | null }[]>`
    insert into time_zone_data (version)
    values (${version})
    on conflict (only_one) do update
    set version = time_zone_data.version
    returning version, through_user`
  if (data!.version === version) return undefined
  const users = await sql<User[]>`
    select users.id, coalesce(time_zone, 'UTC') as time_zone, coalesce(reminder_time, '09:00')::text as reminder_time
    from users
    left join preferences on preferences.user_id = users.id
    where ${data!.through_user}::uuid is null or users.id > ${data!.through_user}::uuid
    order by users.id
    limit ${batchSize}`
  let moved = 0
  for (const user of users) {
    await recomputeSeries(user.id)
    moved += await replan(user.id, user, 'local')
  }
  const isLast = users.length < batchSize
  await sql`
    update time_zone_data
    set
      version = case when ${isLast} then ${version} else version end,
      through_user = ${isLast ? null : users.at(-1)!.id}::uuid`
  if (isLast) log.info('time zone data taken over', { from: data!.version, to: version })
  return moved
}
