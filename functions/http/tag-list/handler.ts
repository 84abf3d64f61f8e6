/** Lists the tags of the caller's open tasks with how many tasks have each, the most used first, at most 1,000. */
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import type { Tag } from './schema.ts'

const tagsMax = 1_000

export default createApp().get('/api/tags', requireUser, async (c) =>
  c.json({ items: await readTags(c.var.userId) }),
)

const readTags = (userId: string) => sql<Tag[]>`
  select tag as name, count(*) as open
  from tasks, unnest(tags) as tag
  where user_id = ${userId} and status = 'open' and deleted_at is null
  group by tag
  order by open desc, tag
  limit ${tagsMax}`
