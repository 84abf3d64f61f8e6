import * as v from 'valibot'
import {
  EditEffect,
  RecurringTask,
  RecurringTaskParams,
  RecurringTaskPatch,
} from '../../../shared/contract/recurring-task.ts'

export const Params = RecurringTaskParams

export const Body = RecurringTaskPatch

export const Reply = v.strictObject({ ...RecurringTask.entries, effect: EditEffect })
