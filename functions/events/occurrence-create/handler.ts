/** Makes the task of an occurrence from the template of its series, once, and announces it as `task-created`. */
import type { InferOutput } from 'valibot'
import { events, RecurringTaskDueData } from '../../../shared/contract/events.ts'
import { done, event, requireSidecar } from '../../../shared/dapr/event.ts'
import { planWith, userClock } from '../../../shared/data/due.ts'
import { once } from '../../../shared/data/inbox.ts'
import { emit } from '../../../shared/data/outbox.ts'
import { insertOccurrence } from '../../../shared/data/series.ts'
import { sql } from '../../../shared/data/sql.ts'
import { planReminder } from '../../../shared/data/tasks.ts'
import { createApp } from '../../../shared/http/app.ts'
import { parseDue } from '../../../shared/recurrence/due.ts'
import { log } from '../../../shared/runtime/log.ts'

const { type } = events['recurring-task.due']

export default createApp().post(
  '/events/occurrence-create',
  requireSidecar,
  event([type], RecurringTaskDueData),
  async (c) => {
    const given = c.req.valid('json')
    await once('occurrence-create', given, () => makeTask(given.data))
    return done(c)
  },
)

async function makeTask(data: InferOutput<typeof RecurringTaskDueData>): Promise<void> {
  const { recurring_task_id, user_id, occurrence, due_date } = data
  const due = planWith(await userClock(user_id), parseDue(due_date), due_date)
  const [made] = await sql<[{ wanted: boolean }]>`
    with series as (
      select id, user_id, title, description, priority, tags
      from recurring_tasks
      where id = ${recurring_task_id} and user_id = ${user_id} and deleted_at is null
        -- A series that has come to its end still gets the task of its last occurrence; one that was stopped does not.
        and (is_active or next_occurrence is null)
      for update
    ),
    ${insertOccurrence(recurring_task_id, { key: occurrence, ...due })},
    created as (
      update recurring_tasks
      set last_created_at = clock_now()
      from task
      where recurring_tasks.id = task.recurring_task_id
    ),
    ${planReminder(due.remind_at)},
    ${emit('task.created', 'task')}
    select exists (select from series) as wanted`
  if (!made.wanted)
    log.info('occurrence not made: its series is stopped or deleted', { recurring_task_id, occurrence })
}
