/** Gives the caller everything that is theirs as one JSON document, written while it is read, whatever its size. */
import { Readable } from 'node:stream'
import type { Fragment } from 'postgres'
import { readProfile } from '../../../shared/data/profile.ts'
import { sql } from '../../../shared/data/sql.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'

const rowsAtATime = 500

export default createApp().get('/api/me/export', requireUser, async (c) => {
  const profile = await readProfile(c.var.userId)
  const exported_at = new Date().toISOString()
  const text = document({ exported_at, profile }, parts(c.var.userId))
  return c.body(Readable.toWeb(Readable.from(text, { objectMode: false })) as ReadableStream, 200, {
    'content-type': 'application/json',
    'content-disposition': `attachment; filename="todo-${exported_at.slice(0, 10)}.json"`,
    'cache-control': 'no-store',
  })
})

/** The rows of each part, as JSON, in an order that two exports have in common. */
function parts(userId: string): Record<string, Fragment> {
  const own = sql`user_id = ${userId}`
  return {
    tasks: sql`
      select to_jsonb(row) - 'search' as json from tasks as row where ${own} and deleted_at is null order by created_at, id`,
    recurring_tasks: sql`
      select to_jsonb(row) as json from recurring_tasks as row where ${own} and deleted_at is null order by created_at, id`,
    notifications: sql`
      select to_jsonb(row) as json from notifications as row where ${own} order by created_at, id`,
    deliveries: sql`
      select to_jsonb(row) as json
      from deliveries as row
      where task_id in (select id from tasks where ${own})
      order by planned_at, id`,
    events: sql`
      select to_jsonb(row) - 'traceparent' as json from task_event_log as row where ${own} order by created_at, id`,
  }
}

async function* document(head: object, parts: Record<string, Fragment>): AsyncGenerator<string> {
  yield JSON.stringify(head, null, 1).slice(0, -2)
  for (const [name, rows] of Object.entries(parts)) {
    yield `,\n "${name}": [`
    let separator = '\n  '
    for await (const batch of sql<{ json: unknown }[]>`${rows}`.cursor(rowsAtATime)) {
      for (const { json } of batch) {
        yield separator + JSON.stringify(json)
        separator = ',\n  '
      }
    }
    yield ']'
  }
  yield '\n}\n'
}
