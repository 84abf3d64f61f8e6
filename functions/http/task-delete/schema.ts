import { TaskParams } from '../../../shared/contract/task.ts'

export const Params = TaskParams
