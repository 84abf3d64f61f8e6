/**
 * Lists what happened to the caller's tasks and series, the latest first, so that a client can keep up: it asks again with
 * the `etag` of what it knows, and is answered 304 until something happens.
 */
import { createHash } from 'node:crypto'
import { etag as conditional } from 'hono/etag'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { cutPage, InstantKey, readPage, type Page } from '../../../shared/http/paging.ts'
import { query } from '../../../shared/http/validate.ts'
import { Query, type Event } from './schema.ts'

export default createApp().get('/api/events', requireUser, query(Query), conditional(), async (c) => {
  const page = readPage(c.req.valid('query'), 'events', InstantKey)
  const events = cutPage(await readEvents(c.var.userId, page), page, ({ at, id }) => ({ key: at, id }))
  return c.json(events, 200, { etag: etagOf(events.items) })
})

const readEvents = (userId: string, { after, limit }: Page<string>) => sql<Event[]>`
  select id, event_type as type, created_at as at, task_id, recurring_task_id, event_data - 'changes' as data
  from task_event_log
  where user_id = ${userId} ${after ? sql`and (created_at, id) < (${after.key}, ${after.id})` : sql``}
  order by created_at desc, id desc
  limit ${limit}`

/**
 * Events never change, so their ids say it all. Not the latest one alone: a transaction that began earlier may commit later,
 * and its event then stands below one that is known.
 */
const etagOf = (events: Event[]): string =>
  `"${createHash('sha1')
    .update(events.map(({ id }) => id).join())
    .digest('base64url')}"`
