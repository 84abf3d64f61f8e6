import { RecurringTask, RecurringTaskParams } from '../../../shared/contract/recurring-task.ts'

export const Params = RecurringTaskParams

export const Reply = RecurringTask
