import * as v from 'valibot'
import { OccurrenceParams } from '../../../shared/contract/recurring-task.ts'
import { NextTask } from '../../../shared/contract/task.ts'

export const Params = OccurrenceParams

/** The keys that were skipped, and the task that was made in their place. */
export const Reply = v.strictObject({ skipped: v.array(v.string()), next: v.nullable(NextTask) })
