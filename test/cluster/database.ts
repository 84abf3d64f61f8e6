/** The database of `knative/components/own-postgres`, to count what the application has done. */
import { readFileSync } from 'node:fs'
import postgres, { type Sql } from 'postgres'
import { topics } from '../../shared/contract/events.ts'
import { rows } from '../../functions/manifest.ts'
import { eventually, reach } from './kubectl.ts'

export async function database(): Promise<Sql> {
  const { host, port } = await reach('todo', 'postgres', 5432)
  const [, password] = /^password=(.*)$/m.exec(
    readFileSync('knative/overlays/local/secrets/postgres.env', 'utf8'),
  )!
  return postgres({
    host,
    port,
    username: 'todo',
    database: 'todo',
    password: password!,
    max: 2,
    onnotice: () => {},
  })
}

/** Who handles the events of which topic. */
const bound = rows.flatMap(([name, row]) =>
  row.trigger === 'event' ? row.topics.map((topic) => ({ topic, consumer: name })) : [],
)

/** Events of a user that some subscriber has no receipt of, and what waits to be published. */
const unhandled = (
  sql: Sql,
  userId: string,
): Promise<{ topic: string; consumer: string; count: string }[]> => sql`
  select topic, consumer, count(*)
  from task_event_log as logged
  join unnest(${bound.map(({ topic }) => topic)}::text[], ${bound.map(({ consumer }) => consumer)}::text[])
    as bound (topic, consumer) using (topic)
  where logged.user_id = ${userId}
    and topic = any(${Object.keys(topics)})
    and not exists (select from inbox where inbox.consumer = bound.consumer and inbox.event_id = logged.id)
  group by topic, consumer`

/** Resolves when every event of a user was handled by everybody whom it concerns. */
export const allHandled = (sql: Sql, userId: string, timeoutMs = 120_000): Promise<void> =>
  eventually('every event is handled', async () => (await unhandled(sql, userId)).length === 0, timeoutMs)
