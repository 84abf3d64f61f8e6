import * as v from 'valibot'
import { RecurringTaskParams } from '../../../shared/contract/recurring-task.ts'

export const Params = RecurringTaskParams

export const Query = v.strictObject({
  open: v.optional(
    v.pipe(
      v.picklist(['cancel', 'keep'], 'Use cancel or keep.'),
      v.description('What becomes of the open task: it is cancelled, or stays as a plain task.'),
    ),
    'cancel',
  ),
})
