/**
 * Every event of the system: its CloudEvents type, its topic and the shape of its data.
 *
 * The version is part of the type (`.v1`). A field may be added to a version; anything else is a new version, which is
 * published beside the old one until no consumer reads the old one any more.
 */
import * as v from 'valibot'
import { statuses } from './fields.ts'

const id = v.pipe(v.string(), v.uuid())
const instant = v.pipe(v.string(), v.isoTimestamp())

/** A task as it was after the change. `timestamp` is the instant of the change. */
export const TaskData = v.object({
  task_id: id,
  user_id: id,
  title: v.string(),
  status: v.picklist(statuses),
  priority: v.number(),
  tags: v.array(v.string()),
  due_date: v.nullable(v.string()),
  due_at: v.nullable(instant),
  recurring_task_id: v.nullable(id),
  occurrence: v.nullable(v.string()),
  completed_at: v.nullable(instant),
  version: v.number(),
  timestamp: instant,
})

/** `changes` holds, by field, the value before and the value after. */
export const TaskUpdatedData = v.object({
  ...TaskData.entries,
  changes: v.record(v.string(), v.tuple([v.unknown(), v.unknown()])),
})

/** `was_completed_at` is the completion that was taken back. */
export const TaskReopenedData = v.object({ ...TaskData.entries, was_completed_at: instant })

/** Open again after it was deleted, skipped, missed or cancelled. */
export const TaskRestoredData = v.object({
  ...TaskData.entries,
  was: v.picklist(['deleted', 'skipped', 'missed', 'cancelled']),
})

/** A reminder of the task has come: `remind_at` is the instant it was planned for. */
export const TaskDueSoonData = v.object({ ...TaskData.entries, reminder_id: id, remind_at: instant })

/** The series after the change. */
export const RecurringTaskData = v.object({
  recurring_task_id: id,
  user_id: id,
  title: v.string(),
  next_due_at: v.nullable(instant),
  is_active: v.boolean(),
  version: v.number(),
  timestamp: instant,
})

/** `changes` holds, by field, the value before and the value after. */
export const RecurringTaskUpdatedData = v.object({
  ...RecurringTaskData.entries,
  changes: v.record(v.string(), v.tuple([v.unknown(), v.unknown()])),
})

/** An occurrence is to be made: `occurrence` is its original date, which with the series is its key. */
export const RecurringTaskDueData = v.object({
  recurring_task_id: id,
  user_id: id,
  occurrence: v.string(),
  due_date: v.string(),
  due_at: instant,
  timestamp: instant,
})

/** A notification is to be sent by mail. What it says is read when it is sent. */
export const NotificationEmailData = v.object({
  delivery_id: id,
  task_id: id,
  user_id: id,
  timestamp: instant,
})

const event = <const S extends v.GenericSchema>(type: string, topic: Topic | null, data: S) => ({
  type,
  topic,
  data,
})

/** Topics and their number of partitions. Slow work has a topic of its own with many partitions. */
export const topics = {
  'task-created': 3,
  'task-updated': 3,
  'task-completed': 3,
  'task-deleted': 3,
  'task-due-soon': 3,
  'recurring-task-due': 3,
  'notification-email': 24,
  // Of each consumer: what it has no receipt of, for it alone, and past whatever holds up its other topics.
  'occurrence-create-redelivery': 3,
  'task-statistics-redelivery': 3,
  'notification-plan-redelivery': 3,
  'notification-email-redelivery': 3,
  'dead-letter': 3,
  // Consumed by nobody: what `dead-letter-store` itself could not take waits here for a person.
  'dead-letter-parked': 1,
} as const
export type Topic = keyof typeof topics

/** Bytes that a function reads of one delivery in bulk. */
export const bulkBytesMax = 16_777_216

/**
 * Bytes of an event at most. A character may take six in JSON: title and tags are 9 kB, a description is 60 kB, and a change has
 * each twice more, as it was and as it is.
 */
export const eventBytesMax = (topic: Topic): number => (topic === 'task-updated' ? 163_840 : 16_384)

/** The topic of what is sent to a consumer again; `dead-letter-store` has none, what it gets is not in the log. */
export const redeliveryOf = (consumer: string): Topic | undefined => {
  const topic = `${consumer}-redelivery`
  return Object.hasOwn(topics, topic) ? (topic as Topic) : undefined
}

/** By the name under which the event log knows it. A topic of `null`: recorded, not published. */
export const events = {
  'task.created': event('todo.task.created.v1', 'task-created', TaskData),
  'task.updated': event('todo.task.updated.v1', 'task-updated', TaskUpdatedData),
  'task.moved': event('todo.task.moved.v1', null, TaskUpdatedData),
  'task.reopened': event('todo.task.reopened.v1', 'task-updated', TaskReopenedData),
  'task.completed': event('todo.task.completed.v1', 'task-completed', TaskData),
  'task.skipped': event('todo.task.skipped.v1', 'task-updated', TaskData),
  'task.missed': event('todo.task.missed.v1', 'task-updated', TaskData),
  'task.cancelled': event('todo.task.cancelled.v1', 'task-updated', TaskData),
  'task.restored': event('todo.task.restored.v1', 'task-updated', TaskRestoredData),
  'task.deleted': event('todo.task.deleted.v1', 'task-deleted', TaskData),
  'task.due-soon': event('todo.task.due-soon.v1', 'task-due-soon', TaskDueSoonData),
  'recurring-task.created': event('todo.recurring-task.created.v1', null, RecurringTaskData),
  'recurring-task.updated': event('todo.recurring-task.updated.v1', null, RecurringTaskUpdatedData),
  'recurring-task.deleted': event('todo.recurring-task.deleted.v1', null, RecurringTaskData),
  'recurring-task.due': event('todo.recurring-task.due.v1', 'recurring-task-due', RecurringTaskDueData),
  'notification.email': event('todo.notification.email.v1', 'notification-email', NotificationEmailData),
} as const
export type EventName = keyof typeof events

/** How a failing delivery is repeated, by Dapr and by the embedded broker alike, before it is a dead letter. */
export const delivery = {
  timeoutMs: 15_000,
  retries: 24,
  /** Exponential, factor 1.5, with a ceiling: about five minutes in all. */
  firstPauseMs: 500,
  pauseFactor: 1.5,
  longestPauseMs: 15_000,
} as const

/**
 * The same for dead letters, but for an hour: whoever keeps them outlasts a broken database, and a record that can never be
 * kept holds up those behind it no longer than that.
 */
export const deadLetterDelivery = { ...delivery, retries: 240 } as const
