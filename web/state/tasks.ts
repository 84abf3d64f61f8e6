/** The tasks that the app knows: what the server told, with the commands that it has not answered laid over it. */
import { call } from '../api/call.ts'
import { asApiError, type ApiError } from '../api/error.ts'
import type { Task } from '../api/shapes.ts'
import { applied, drafted, type Command } from '../offline/command.ts'
import { keep, read } from '../offline/database.ts'
import { created, onAnswer, queue } from '../offline/queue.ts'
import { sentence } from '../messages/sentence.ts'
import { t } from '../messages/translate.ts'
import { notify } from './notices.ts'
import { createStore, useStore } from './store.ts'

type Tasks = ReadonlyMap<string, Task>

/** Pages of 100 open tasks that are loaded; who has more sees those that are due first. */
const pagesMax = 30

type Told = { tasks: Tasks; state: 'loading' | 'loaded'; more: boolean; error: ApiError | undefined }

/** What the server told. */
export const told = createStore<Told>({ tasks: new Map(), state: 'loading', more: false, error: undefined })

/** What is shown. */
const shown = createStore<Tasks>(new Map())

const overlay = () => shown.set(withCommands(told.get().tasks, queue.get().commands))
told.subscribe(overlay)
queue.subscribe(overlay)

/** The ids that the server gave to tasks of ours, by our own. */
const renamed = new Map<string, string>()
export const realId = (id: string): string => renamed.get(id) ?? id

/** The first id of a task on this page: what has the focus keeps it when the server gives the task another. */
export const firstId = (id: string): string => firstIds.get(id) ?? id
const firstIds = new Map<string, string>()

function rename(from: string, to: string): void {
  renamed.set(from, to)
  firstIds.set(to, from)
}

function withCommands(tasks: Tasks, commands: readonly Command[]): Tasks {
  if (commands.length === 0) return tasks
  const result = new Map(tasks)
  for (const command of commands) {
    const isMade = result.has(realId(command.subject))
    if (isMade && command.operation.endsWith('-create')) continue
    if (command.operation === 'task-create' || command.operation === 'recurring-task-create')
      result.set(command.subject, drafted(command))
    const task = result.get(realId(command.subject)) ?? result.get(command.subject)
    if (!task) continue
    const next = applied(task, command)
    if (next) result.set(task.id, next)
    else result.delete(task.id)
  }
  return result
}

export const taskById = (id: string): Task | undefined => shown.get().get(realId(id)) ?? shown.get().get(id)
export const useTasks = (): Tasks => useStore(shown)
export const useTask = (id: string | undefined): Task | undefined =>
  useStore(shown, (tasks) => (id === undefined ? undefined : (tasks.get(realId(id)) ?? tasks.get(id))))

/** Takes what the server told about tasks. */
export function takeTasks(tasks: Iterable<Task>): void {
  told.set((before) => {
    const next = new Map(before.tasks)
    for (const task of tasks) {
      const known = next.get(task.id)
      if (!known || known.version <= task.version) next.set(task.id, task)
    }
    return { ...before, tasks: next }
  })
  keepSoon()
}

function dropTask(id: string): void {
  told.set((before) => {
    const next = new Map(before.tasks)
    return next.delete(id) ? { ...before, tasks: next } : before
  })
  keepSoon()
}

/** Reads every open task anew. */
export async function loadTasks(): Promise<void> {
  const found = new Map<string, Task>()
  const { tasks: known } = told.get()
  let cursor: string | undefined
  try {
    for (let page = 0; page < pagesMax; page++) {
      const query = { status: 'open', sort: 'due_date', page_size: '100', ...(cursor && { cursor }) } as const
      const reply = await call('task-list', { query })
      if (reply.items.some(({ id }) => !known.has(id))) await created()
      // What has not changed stays the same object, and its row as it is.
      for (const task of reply.items) {
        const before = known.get(task.id)
        found.set(task.id, JSON.stringify(before) === JSON.stringify(task) ? before! : task)
      }
      cursor = reply.next_cursor ?? undefined
      if (page === 0 && told.get().state === 'loading') takeTasks(reply.items)
      if (!cursor) break
    }
    told.set({ tasks: found, state: 'loaded', more: cursor !== undefined, error: undefined })
    keepSoon()
  } catch (thrown) {
    told.set((before) => ({ ...before, state: 'loaded', error: asApiError(thrown) }))
  }
}

/** Reads one task anew; forgets it when it is gone. Throws when the server could not tell. */
export async function readTask(id: string): Promise<Task | undefined> {
  try {
    const task = await call('task-get', { params: { task_id: id } })
    takeTasks([task])
    return task
  } catch (thrown) {
    const error = asApiError(thrown)
    if (error.passes) throw error
    if (error.code === 'not_found') dropTask(id)
    return undefined
  }
}

/** The same where it can wait until the task changes again. */
export const refreshTask = (id: string): Promise<Task | undefined> => readTask(id).catch(() => undefined)

/** Shows what was there at the last visit, until the server tells. */
export async function showKept(): Promise<void> {
  const tasks = await read<Task[]>('kept', 'tasks')
  if (!tasks || told.get().tasks.size > 0) return
  told.set((before) => ({ ...before, tasks: new Map(tasks.map((task) => [task.id, task])) }))
}

let keeping: ReturnType<typeof setTimeout> | undefined

function keepSoon(): void {
  keeping ??= setTimeout(() => {
    keeping = undefined
    void keep('tasks', [...told.get().tasks.values()])
  }, 1_000)
}

onAnswer(async ({ command, reply, error }) => {
  if (error) {
    const isWaiting = error.code === 'version_mismatch'
    if (!isWaiting)
      notify(t('said.refused', { title: command.title, why: sentence(error) }), { kind: 'problem' })
    void refreshTask(command.subject)
    return
  }
  if (command.operation === 'task-delete') return dropTask(command.subject)
  const follow = followed(reply)
  if (command.operation === 'recurring-task-create' && follow) rename(command.subject, follow)
  const task = taskIn(reply)
  if (task) {
    if (command.operation === 'task-create') rename(command.subject, task.id)
    takeTasks([task])
  }
  // The one that was asked for may have been missed in favour of the current one.
  if (command.operation === 'occurrence-skip' || (task && task.id !== command.subject))
    void refreshTask(realId(command.subject))
  // The row of a new series stays until that of its first task takes its place, with the focus.
  if (follow) await refreshTask(follow)
})

/** The id of the task that a change has made besides: the first of a series, or the next one. */
function followed(reply: unknown): string | undefined {
  const { next, open_task_id } = (reply ?? {}) as {
    next?: { task_id: string } | null
    open_task_id?: string | null
  }
  return next?.task_id ?? open_task_id ?? undefined
}

function taskIn(reply: unknown): Task | undefined {
  if (typeof reply !== 'object' || reply === null || !('status' in reply) || !('occurrence' in reply))
    return undefined
  const { next: _, ...task } = reply as Task & { next?: unknown }
  return task
}
