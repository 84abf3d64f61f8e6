/**
 * The whole system in one table: every function, what calls it, what it does. The name is its folder, its Knative
 * Service, its Dapr app-id, its image and its label in logs and metrics.
 */
import { every, http, on, type FunctionSpec } from './spec.ts'

export const functions = {
  // HTTP
  auth: http(['GET', 'POST'], '/api/auth/*', 'signs people up and in, and issues the tokens', {
    caller: 'anyone',
  }),
  'task-create': http('POST', '/api/tasks', 'adds a task'),
  'task-list': http('GET', '/api/tasks', 'lists and searches tasks'),
  'task-get': http('GET', '/api/tasks/:task_id', 'reads one task'),
  'task-update': http(['PUT', 'PATCH'], '/api/tasks/:task_id', 'changes the given fields of a task'),
  'task-delete': http('DELETE', '/api/tasks/:task_id', 'deletes a task'),
  'task-complete': http('POST', '/api/tasks/:task_id/complete', 'marks a task as done'),
  'task-reopen': http('POST', '/api/tasks/:task_id/reopen', 'takes a completion back'),
  'task-undo': http('POST', '/api/tasks/:task_id/undo', 'takes the last command on a task back'),
  'task-history': http('GET', '/api/tasks/:task_id/history', 'tells what happened to a task and why'),
  'recurring-task-create': http('POST', '/api/recurring-tasks', 'starts a series and makes its first task'),
  'recurring-task-preview': http(
    'POST',
    '/api/recurring-tasks/preview',
    'tells the dates of a series that is not made yet',
  ),
  'recurring-task-list': http('GET', '/api/recurring-tasks', 'lists the series'),
  'recurring-task-get': http('GET', '/api/recurring-tasks/:recurring_task_id', 'reads one series'),
  'recurring-task-update': http(
    ['PUT', 'PATCH'],
    '/api/recurring-tasks/:recurring_task_id',
    'changes a series',
  ),
  'recurring-task-delete': http(
    'DELETE',
    '/api/recurring-tasks/:recurring_task_id',
    'ends and removes a series',
  ),
  'occurrence-list': http(
    'GET',
    '/api/recurring-tasks/:recurring_task_id/occurrences',
    'lists past and coming occurrences of a series',
  ),
  'occurrence-update': http(
    'PATCH',
    '/api/recurring-tasks/:recurring_task_id/occurrences/:occurrence',
    'changes one occurrence, or this and all that follow',
  ),
  'occurrence-complete': http(
    'POST',
    '/api/recurring-tasks/:recurring_task_id/occurrences/:occurrence/complete',
    'completes an occurrence by its date',
  ),
  'occurrence-skip': http(
    'POST',
    '/api/recurring-tasks/:recurring_task_id/occurrences/:occurrence/skip',
    'skips an occurrence, or all that are overdue',
  ),
  'tag-list': http('GET', '/api/tags', 'lists the tags of open tasks'),
  'event-list': http('GET', '/api/events', 'lists what happened, for clients that keep up'),
  'notification-list': http('GET', '/api/notifications', 'lists notifications with their deliveries'),
  'notification-read': http(
    'POST',
    '/api/notifications/:notification_id/read',
    'marks a notification as read',
  ),
  'me-get': http('GET', '/api/me', 'reads profile, preferences and statistics'),
  'me-update': http(['PUT', 'PATCH'], '/api/me', 'changes preferences and replans what depends on them'),
  'dead-letter-list': http('GET', '/api/dead-letters', 'lists what could not be handled, to operators', {
    caller: 'operator',
  }),
  'dead-letter-replay': http(
    'POST',
    '/api/dead-letters/replay',
    'sends what could not be handled again, for operators',
    { caller: 'operator' },
  ),
  'me-export': http('GET', '/api/me/export', 'gives all data of the account as one document'),
  'session-list': http('GET', '/api/sessions', 'lists where somebody is signed in'),
  'session-delete': http('DELETE', '/api/sessions/:session_id', 'signs out in one place'),

  // Events
  'occurrence-create': on('recurring-task-due', 'makes the task of an occurrence'),
  'task-statistics': on(
    ['task-created', 'task-updated', 'task-completed', 'task-deleted'],
    'counts what was done',
    { bulk: 500 },
  ),
  'notification-plan': on('task-due-soon', 'writes the notification and decides the channels', { bulk: 500 }),
  'notification-email': on('notification-email', 'sends a notification by mail', {
    sidecar: true,
    maxScale: 10,
  }),
  'dead-letter-store': on('dead-letter', 'keeps what could not be handled'),

  // Schedules
  'outbox-relay': every('* * * * * *', 'publishes what was written', { sidecar: true, maxScale: 2 }),
  'due-scan': every('* * * * * *', 'announces reminders at their instant', { maxScale: 2 }),
  'recurrence-scan': every('* * * * * *', 'announces occurrences that are due', { maxScale: 2 }),
  'event-reconcile': every('0 * * * * *', 'sends again what a subscriber has no receipt of', { maxScale: 1 }),
  housekeeping: every('0 7 * * * *', 'makes partitions and removes what is too old', { maxScale: 1 }),
} as const satisfies Record<string, FunctionSpec>

export type FunctionName = keyof typeof functions

/** Name and row of every function, in the order of the table. */
export const rows = Object.entries(functions) as [FunctionName, FunctionSpec][]

/** The folder of a function, from the root of the repository. */
export const folder = (name: FunctionName): string =>
  `functions/${{ http: 'http', event: 'events', schedule: 'schedules' }[functions[name].trigger]}/${name}`
