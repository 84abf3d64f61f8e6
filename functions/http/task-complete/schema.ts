import { TaskParams } from '../../../shared/contract/task.ts'

export const Params = TaskParams

export { CompleteBody as Body, CompleteReply as Reply } from '../../../shared/contract/task.ts'
