/** Changing the given fields of a task. */
import type { Task } from '../contract/task.ts'
import { planDue, undated, type DuePlan } from './due.ts'
import { emit } from './outbox.ts'
import { sql, transaction } from './sql.ts'
import { cancelReminders, findTask, insertReminders, isVersion, lockTask, taskOrFound } from './tasks.ts'

/** What is absent stays; null clears a description or a due date. */
export type TaskPatch = {
  title?: string | undefined
  description?: string | null | undefined
  priority?: number | undefined
  tags?: string[] | undefined
  due_date?: string | null | undefined
  reminders?: string[] | undefined
}

/**
 * Changes a task of the caller, plans its reminders anew when they or the due date move, and announces what changed as
 * `task-updated`. What changes nothing announces nothing. Answers the task with the version that was found, which the caller
 * compares; undefined when there is none. In a transaction when due date or reminders change: the one that stays is read
 * before both are planned.
 */
export async function changeTask(
  userId: string,
  taskId: string,
  version: number | null,
  patch: TaskPatch,
): Promise<(Task & { seen_version: number }) | undefined> {
  if (patch.due_date === undefined && patch.reminders === undefined)
    return writeTask(userId, taskId, version, patch, undated)
  return transaction(async () => {
    const found = await lockTask(userId, taskId)
    const { due_date = found?.due_date, reminders = found?.reminders } = patch
    return writeTask(userId, taskId, version, patch, await planDue(userId, due_date, reminders))
  })
}

async function writeTask(
  userId: string,
  taskId: string,
  version: number | null,
  patch: TaskPatch,
  due: DuePlan,
) {
  const { title = null, description, priority = null, tags = null, due_date, reminders = null } = patch
  const [answer] = await sql<(Task & { seen_version: number })[]>`
    with ${findTask(userId, taskId)},
    wanted as (
      select
        coalesce(${title}::text, title) as title,
        case when ${description === undefined} then description else ${description ?? null}::text end as description,
        coalesce(${priority}::smallint, priority) as priority,
        coalesce(${tags}::text[], tags) as tags,
        coalesce(${reminders}::text[], reminders) as reminders,
        case when ${due_date === undefined} then due_date else ${due.due_date}::text end as due_date,
        case when ${due_date === undefined} then due_at else ${due.due_at}::timestamptz end as due_at
      from found
    ),
    changed as (
      select array_remove(array[
        case when found.title <> wanted.title then 'title' end,
        case when found.description is distinct from wanted.description then 'description' end,
        case when found.priority <> wanted.priority then 'priority' end,
        case when found.tags <> wanted.tags then 'tags' end,
        case when found.reminders <> wanted.reminders then 'reminders' end,
        case when found.due_date is distinct from wanted.due_date then 'due_date' end
      ], null) as fields
      from found, wanted
    ),
    task as (
      update tasks
      set
        title = wanted.title, description = wanted.description, priority = wanted.priority, tags = wanted.tags,
        reminders = wanted.reminders, due_date = wanted.due_date, due_at = wanted.due_at,
        -- Of an occurrence: what a change of its series leaves alone from now on.
        overrides = case
          when found.recurring_task_id is null then found.overrides
          else array(select distinct unnest(found.overrides || changed.fields) order by 1)
        end,
        version = found.version + 1, updated_at = clock_now()
      from found, wanted, changed
      where tasks.id = found.id and ${isVersion(version)} and cardinality(changed.fields) > 0
      returning tasks.*
    ),
    moved as (
      select task.id, task.user_id, task.status
      from task, changed
      where changed.fields && array['due_date', 'reminders']
    ),
    to_remind as (select id, user_id from moved where status = 'open'),
    ${cancelReminders('moved')},
    ${insertReminders(due.planned, 'to_remind')},
    ${emit('task.updated', 'task', changes())}
    ${taskOrFound()}`
  return answer
}

/** By field, the value before and the value after. */
const changes = () => sql`jsonb_build_object('changes', (
  select jsonb_object_agg(field, jsonb_build_array(to_jsonb(found) -> field, to_jsonb(task) -> field))
  from found, changed, unnest(changed.fields) as field))`
