/** Counts what each user created, changed, completed in time or late, and deleted. */
import { bulk } from '../../../shared/dapr/bulk.ts'
import { requireSidecar } from '../../../shared/dapr/event.ts'
import { createApp } from '../../../shared/http/app.ts'
import { count, Counted } from './count.ts'

const types = [
  'todo.task.created.v1',
  'todo.task.updated.v1',
  'todo.task.completed.v1',
  'todo.task.reopened.v1',
  'todo.task.deleted.v1',
  'todo.task.restored.v1',
  'todo.task.skipped.v1',
  'todo.task.missed.v1',
  'todo.task.cancelled.v1',
]

export default createApp().post('/events/task-statistics', requireSidecar, bulk(types, Counted, count))
