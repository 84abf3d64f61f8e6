import { Task, TaskParams } from '../../../shared/contract/task.ts'

export const Params = TaskParams

export const Reply = Task
