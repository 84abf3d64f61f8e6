/** Which command is to be taken back. */
import { Problem } from '../../../shared/contract/problem.ts'
import { sql } from '../../../shared/data/sql.ts'
import { noSuchTask } from '../../../shared/data/tasks.ts'

/** An entry of the history: what was done, and by field the value before and after. */
export type Command = {
  id: string
  event_type: string
  changes: Record<string, [before: unknown, after: unknown]> | null
  was_completed_at: string | null
  was: string | null
}

const keptDays = 30

/**
 * The last command of the owner on the task, also one that is deleted, or the one that is named, if it is not taken back
 * already. Locks nothing: taking it back finds out whether something came between. Throws a 404 for a task that is not the
 * caller's.
 */
export async function commandToUndo(
  userId: string,
  taskId: string,
  eventId: string | undefined,
): Promise<Command> {
  const [task] = await sql<[{ id: string }?]>`
    select id
    from tasks
    where id = ${taskId} and user_id = ${userId}
      and (deleted_at is null or deleted_at > clock_now() - make_interval(days => ${keptDays}))`
  if (!task) throw noSuchTask()
  const [command] = await sql<[Command?]>`
    select
      id, event_type, event_data -> 'changes' as changes, event_data ->> 'was_completed_at' as was_completed_at,
      event_data ->> 'was' as was
    from task_event_log as logged
    where task_id = ${taskId} and created_at > clock_now() - make_interval(days => ${keptDays})
      and cause ->> 'by' = 'user' and cause ->> 'function' not like 'recurring-task-%' and not cause ? 'undoes'
      and event_type like 'task.%' and event_type not in ('task.missed', 'task.cancelled', 'task.moved')
      -- The task of an occurrence was made by what closed the one before: that is what can be taken back.
      and not (event_type = 'task.created' and recurring_task_id is not null)
      ${eventId === undefined ? sql`` : sql`and id = ${eventId}`}
      and not exists (
        select from task_event_log as undoing
        where undoing.task_id = ${taskId} and undoing.cause ->> 'undoes' = logged.id::text
      )
    order by created_at desc, id desc
    limit 1`
  if (command) return command
  throw new Problem(
    'conflict',
    eventId === undefined
      ? `Nothing was done to this task in the last ${keptDays} days that can be taken back.`
      : `This entry is no command of yours, is older than ${keptDays} days, or is taken back already.`,
  )
}
