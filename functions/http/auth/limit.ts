/** How often a caller may try a password. */
import type { Context } from 'hono'
import { Problem } from '../../../shared/contract/problem.ts'
import { sql } from '../../../shared/data/sql.ts'
import { callerNetwork } from '../../../shared/http/address.ts'
import type { Env } from '../../../shared/http/env.ts'
import { config } from '../../../shared/runtime/config.ts'

/** Old windows that a try removes: more than it can add, so that the table stays small by itself. */
const prunedMax = 10

/**
 * Counts a try of the caller's network in a window of one minute; throws a `Problem` with `retry-after` when there were more
 * than SIGN_IN_RATE_LIMIT. All instances count in the same row.
 */
export async function limitTries(c: Context<Env>): Promise<void> {
  const { SIGN_IN_RATE_LIMIT } = config('limits')
  const key = `password ${callerNetwork(c)}`
  const [tries] = await sql<[{ count: number; seconds_left: number }]>`
    with pruned as (
      delete from rate_limits
      where key in (
        select key
        from rate_limits
        where ends_at <= clock_now() and key <> ${key}
        order by ends_at, key
        limit ${prunedMax}
        for update skip locked
      )
    )
    insert into rate_limits as known (key, count, ends_at)
    values (${key}, 1, clock_now() + interval '1 minute')
    on conflict (key) do update
    set
      count = case when known.ends_at > clock_now() then least(known.count, 1000000) + 1 else 1 end,
      ends_at = case when known.ends_at > clock_now() then known.ends_at else excluded.ends_at end
    -- Of tries at once, one may have waited for the row of another that began a little later.
    returning count, least(ceil(extract(epoch from ends_at - clock_now())), 60)::integer as seconds_left`
  if (tries.count <= SIGN_IN_RATE_LIMIT) return
  throw new Problem(
    'too_many_requests',
    `Too many tries from your network. Try again in ${tries.seconds_left} seconds.`,
    { headers: { 'retry-after': String(tries.seconds_left) } },
  )
}
