/** A change that somebody made, as it is kept until the server has answered it. */
import type { OperationName } from '../api/address.ts'
import type { Task } from '../api/shapes.ts'

export type Command = {
  /** Its idempotency key. */
  id: string
  /** Of this browser, in the order in which the changes were made. */
  position: string
  user: string
  operation: OperationName
  params: Record<string, string>
  query?: Record<string, string>
  body?: Record<string, unknown>
  /** The task or series that it changes; a task that is still to be made has an id of our own. */
  subject: string
  /** The subject of a creation without which it is not to be done. */
  needs?: string
  /** Its title, to say what could not be done. */
  title: string
  /** What the person saw when they changed it: version and fields. With it, somebody else's change is noticed. */
  base?: { version: number; fields: Record<string, unknown> }
}

export const localPrefix = 'local-'

let count = 0

/** Sorts after every command of this browser that was made before. */
export const nextPosition = (): string =>
  `${String(Date.now()).padStart(15, '0')}-${String(++count).padStart(6, '0')}`

/** The task as it will be when the command has been done; null when it will be gone. */
export function applied(task: Task, { operation, body, base }: Command): Task | null {
  switch (operation) {
    case 'task-update-patch':
      return {
        ...task,
        ...(body as Partial<Task>),
        ...(body && 'due_date' in body && { due_at: null }),
        // A newer one has what the person has not seen: what the change hides must not be taken as known.
        version: base?.version ?? task.version,
      }
    case 'task-complete':
      return { ...task, status: 'done', completed_at: new Date().toISOString() }
    case 'task-reopen':
      return { ...task, status: 'open', completed_at: null }
    case 'occurrence-skip':
      return { ...task, status: 'skipped' }
    case 'task-delete':
      return null
    default:
      return task
  }
}

/** The task that the creation of a task, or of a series, will make. */
export function drafted({ subject, user, operation, body, position }: Command): Task {
  const now = new Date().toISOString()
  const series = operation === 'recurring-task-create' && {
    recurring_task_id: subject,
    due_date: body?.start_date,
  }
  const task: Task = {
    id: subject,
    user_id: user,
    title: '',
    description: null,
    priority: 2,
    status: 'open',
    tags: [],
    due_date: null,
    due_at: null,
    notified: false,
    reminders: ['PT0S'],
    recurring_task_id: null,
    occurrence: null,
    occurrence_number: null,
    occurrence_count: null,
    missed_count: 0,
    overdue_since: null,
    overrides: [],
    version: 0,
    completed_at: null,
    closed_at: null,
    closed_by: null,
    created_at: position,
    updated_at: now,
  }
  return Object.assign(task, body, series)
}
