import { RecurringTask, RecurringTaskDraft } from '../../../shared/contract/recurring-task.ts'

export const Body = RecurringTaskDraft

export const Reply = RecurringTask
