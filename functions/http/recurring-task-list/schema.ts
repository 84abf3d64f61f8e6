import * as v from 'valibot'
import { RecurringTask } from '../../../shared/contract/recurring-task.ts'
import { pageOf, paging } from '../../../shared/http/paging.ts'

export const Query = v.strictObject(paging)

export const Reply = pageOf(RecurringTask)
