import { OccurrenceParams } from '../../../shared/contract/recurring-task.ts'

export const Params = OccurrenceParams

export { CompleteBody as Body, CompleteReply as Reply } from '../../../shared/contract/task.ts'
