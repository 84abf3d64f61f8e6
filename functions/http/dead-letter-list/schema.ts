import * as v from 'valibot'
import { DeadLetter } from '../../../shared/contract/dead-letter.ts'
import { cursorPageOf, cursorPaging } from '../../../shared/http/paging.ts'

export const Query = v.strictObject({
  ...cursorPaging,
  state: v.optional(
    v.pipe(
      v.picklist(['stored', 'replayed'], 'Use stored or replayed.'),
      v.description('Only those in this state.'),
    ),
  ),
})

/** The newest first. */
export const Reply = cursorPageOf(DeadLetter)
