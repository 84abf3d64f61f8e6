/**
 * Changes the given fields of a task, plans its reminder anew when the due date moves, and announces what changed as
 * `task-updated`. What changes nothing announces nothing.
 */
import type { InferOutput } from 'valibot'
import { Problem } from '../../../shared/contract/problem.ts'
import type { Task } from '../../../shared/contract/task.ts'
import { planDue } from '../../../shared/data/due.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { sql } from '../../../shared/data/sql.ts'
import {
  cancelReminders,
  findTask,
  isVersion,
  planReminder,
  taskOrFound,
} from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { requireUser } from '../../../shared/http/auth.ts'
import { etag, expectedVersion, matched } from '../../../shared/http/etag.ts'
import { body, params } from '../../../shared/http/validate.ts'
import { Body, Params } from './schema.ts'

export default createApp().on(
  ['PUT', 'PATCH'],
  '/api/tasks/:task_id',
  requireUser,
  params(Params),
  body(Body),
  async (c) => {
    const version = expectedVersion(c.req.header('if-match'))
    const answer = await updateTask(c.var.userId, c.req.valid('param').task_id, version, c.req.valid('json'))
    if (!answer) throw new Problem('not_found', 'There is no such task, or it is not yours.')
    const task = matched(answer, version)
    return c.json(task, 200, { etag: etag(task) })
  },
)

async function updateTask(
  userId: string,
  taskId: string,
  version: number | null,
  { title, description, priority, tags, due_date }: InferOutput<typeof Body>,
) {
  const due = await planDue(userId, due_date)
  const [answer] = await sql<(Task & { seen_version: number })[]>`
    with ${findTask(userId, taskId)},
    wanted as (
      select
        coalesce(${title ?? null}::text, title) as title,
        case when ${description === undefined} then description else ${description ?? null}::text end as description,
        coalesce(${priority ?? null}::smallint, priority) as priority,
        coalesce(${tags ?? null}::text[], tags) as tags,
        case when ${due_date === undefined} then due_date else ${due.due_date}::text end as due_date,
        case when ${due_date === undefined} then due_at else ${due.due_at}::timestamptz end as due_at
      from found
    ),
    task as (
      update tasks
      set
        title = wanted.title, description = wanted.description, priority = wanted.priority, tags = wanted.tags,
        due_date = wanted.due_date, due_at = wanted.due_at,
        notified = found.notified and found.due_date is not distinct from wanted.due_date,
        version = found.version + 1, updated_at = clock_now()
      from found, wanted
      where tasks.id = found.id and ${isVersion(version)}
        and (found.title, found.description, found.priority, found.tags, found.due_date) is distinct from
          (wanted.title, wanted.description, wanted.priority, wanted.tags, wanted.due_date)
      returning tasks.*
    ),
    moved as (
      select task.id, task.user_id, task.status
      from task, found
      where task.due_date is distinct from found.due_date
    ),
    to_remind as (select id, user_id from moved where status = 'open'),
    ${cancelReminders('moved')},
    ${planReminder(due.remind_at, 'to_remind')},
    ${emit('task.updated', 'task', changes())}
    ${taskOrFound()}`
  return answer
}

/** By field, the value before and the value after. */
const changes = () => sql`jsonb_build_object('changes', (
  select jsonb_object_agg(field, jsonb_build_array(before -> field, after -> field))
  from
    found,
    to_jsonb(found) as before,
    to_jsonb(task) as after,
    unnest(array['title', 'description', 'priority', 'tags', 'due_date']) as field
  where before -> field is distinct from after -> field))`
