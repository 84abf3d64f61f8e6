import * as v from 'valibot'
import { InstantInput } from '../../../shared/contract/fields.ts'
import { Task, TaskParams } from '../../../shared/contract/task.ts'

export const Params = TaskParams

export const Body = v.optional(
  v.strictObject({
    completed_at: v.optional(
      v.pipe(
        InstantInput,
        v.description('When it was done, if not now; up to 5 minutes ahead of our clock.'),
      ),
    ),
  }),
  {},
)

export const Reply = Task
