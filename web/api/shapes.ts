/** The resources of the API by the names that the app has for them. */
import type { Operations } from '../generated/api.ts'

export type Task = Operations['task-get']['reply']
export type Series = Operations['recurring-task-get']['reply']
export type SeriesDraft = Operations['recurring-task-create']['body']
export type Preview = Operations['recurring-task-preview']['reply']
export type Profile = Operations['me-get']['reply']
export type Notification = Operations['notification-list']['reply']['items'][number]
export type HistoryEntry = Operations['task-history']['reply']['items'][number]
export type TaskPatch = Operations['task-update-patch']['body']
