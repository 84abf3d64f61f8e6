import { RecurringTaskParams } from '../../../shared/contract/recurring-task.ts'

export const Params = RecurringTaskParams
