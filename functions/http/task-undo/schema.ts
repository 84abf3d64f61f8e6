import * as v from 'valibot'
import { Id } from '../../../shared/contract/fields.ts'
import { Task, TaskParams } from '../../../shared/contract/task.ts'

export const Params = TaskParams

export const Body = v.optional(
  v.strictObject({
    event_id: v.optional(
      v.pipe(Id, v.description('Which entry of the history to take back; without it, the last that can be.')),
    ),
  }),
  {},
)

/** Nothing when it was the making of the task that was taken back. */
export const Reply = Task
