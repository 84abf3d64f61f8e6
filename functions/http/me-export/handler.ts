/** Gives the caller everything that is theirs as one JSON document, written while it is read, whatever its size. */
import { Readable } from 'node:stream'
import type { Fragment } from 'postgres'
import { readProfile } from '../../../shared/data/profile.ts'
import { sql } from '../../../shared/data/sql.ts'
import { isNotified } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'

const pageSize = 500

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

/** A row as JSON, if the page has one there, and its place in the order of the part. */
type Row = { json: unknown; at: string; id: string }
type Place = Pick<Row, 'at' | 'id'>
/** What follows a place, at most a page of it; nothing at the end. */
type Part = (after: Place) => PromiseLike<Row[]>

const start: Place = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' }

/** Each in an order that two exports have in common, and that an index has. */
function parts(userId: string): Record<string, Part> {
  function page(json: Fragment, table: string, condition = sql`true`): Part {
    return (after) => sql<Row[]>`
      select ${json} as json, created_at as at, id
      from ${sql(table)} as row
      where user_id = ${userId} and ${condition} and ${isBeyond(after)}
      order by created_at, id
      limit ${pageSize}`
  }
  const whole = sql`to_jsonb(row)`
  const isThere = sql`deleted_at is null`
  return {
    tasks: page(
      sql`to_jsonb(row) - 'search' || jsonb_build_object('notified', ${isNotified()})`,
      'tasks',
      isThere,
    ),
    recurring_tasks: page(whole, 'recurring_tasks', isThere),
    notifications: page(whole, 'notifications'),
    deliveries: (after) => sql<Row[]>`
      select to_jsonb(row) as json, task.created_at as at, task.id
      from (
        select created_at, id
        from tasks
        where user_id = ${userId} and ${isThere} and ${isBeyond(after)}
        order by created_at, id
        limit ${pageSize}
      ) as task
      left join deliveries as row on row.task_id = task.id
      order by task.created_at, task.id, row.planned_at, row.id`,
    events: page(sql`to_jsonb(row) - 'traceparent'`, 'task_event_log'),
  }
}

const isBeyond = ({ at, id }: Place): Fragment => sql`(created_at, id) > (${at}::timestamptz, ${id}::uuid)`

/** Reads a page when the one before is taken: while a slow reader takes its time, no connection and no statement waits. */
async function* document(head: object, parts: Record<string, Part>): AsyncGenerator<string> {
  yield JSON.stringify(head, null, 1).slice(0, -2)
  for (const [name, part] of Object.entries(parts)) {
    yield `,\n "${name}": [`
    let separator = '\n  '
    let page = await part(start)
    while (page.length > 0) {
      for (const { json } of page) {
        if (json === null) continue
        yield separator + JSON.stringify(json)
        separator = ',\n  '
      }
      page = await part(page.at(-1)!)
    }
    yield ']'
  }
  yield '\n}\n'
}
