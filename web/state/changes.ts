/** What a person can do to tasks. Each change is shown at once, and is a command in the queue. */
import { useCallback } from 'react'
import type { Series, Task, TaskPatch } from '../api/shapes.ts'
import { t } from '../messages/translate.ts'
import { localPrefix, nextPosition, type Command } from '../offline/command.ts'
import { localDue, withLocal } from '../dates/due.ts'
import { dayWords } from '../dates/words.ts'
import { isLate } from '../tasks/groups.ts'
import { enqueue, onAnswer } from '../offline/queue.ts'
import { notify, speakAloud } from './notices.ts'
import { currentDay, here } from './here.ts'
import { profile, profileKnown, zone } from './profile.ts'
import { createStore, useStore } from './store.ts'
import { firstId, realId, taskById } from './tasks.ts'
import { remember, undoStep, type Step } from './undo.ts'

type About = Pick<Command, 'operation' | 'params' | 'subject' | 'title'> & Partial<Command>

/** Puts a change into the queue, of the person who is known a moment after the page has opened. */
async function command(about: About): Promise<void> {
  const position = nextPosition()
  const user = profile.get()?.id ?? (await profileKnown()).id
  const isKept = await enqueue({ id: crypto.randomUUID(), position, user, ...about })
  if (!isKept) notify(t('said.unkept', { title: about.title }), { kind: 'problem' })
}

const about = (operation: About['operation'], { id, title }: Pick<Task, 'id' | 'title'>): About => {
  const subject = realId(id)
  return { operation, params: { task_id: subject }, subject, title }
}

/** Adds a task and answers the id that it has until the server gives it one. */
export function addTask(body: { title: string } & Record<string, unknown>): string {
  const subject = `${localPrefix}${crypto.randomUUID()}`
  void command({ operation: 'task-create', params: {}, body, subject, title: body.title })
  return subject
}

export function addSeries(body: { title: string } & Record<string, unknown>): string {
  const subject = `${localPrefix}${crypto.randomUUID()}`
  void command({ operation: 'recurring-task-create', params: {}, body, subject, title: body.title })
  return subject
}

/** The due dates of what follows tasks that were completed here. */
export const followers = createStore<ReadonlyMap<string, string>>(new Map())

onAnswer(({ command: { operation, subject, title }, reply, error }) => {
  if (operation !== 'task-complete' || error) return
  const { next } = reply as { next?: { due_date: string; due_at: string } | null }
  if (!next) return
  followers.set((before) => new Map(before).set(subject, next.due_date))
  // The date of the next one is there as long as the row would have been.
  if (lingering.get().has(firstId(subject))) linger(subject)
  const { day } = localDue(next, zone())!
  speakAloud(t('said.completedNext', { title, day: dayWords(day, currentDay()) }))
})

/**
 * Tasks that were done a moment ago, each with the timer that ends it: their rows stay for as long as they can be taken back
 * with one click. By their first ids: the server may name a task in the moment in which it is done.
 */
const lingering = createStore<ReadonlyMap<string, ReturnType<typeof setTimeout>>>(new Map())
const lingerMs = 3_000

/** Tells of a task that is done whether its row stays. */
export function useLingering(): (id: string) => boolean {
  const all = useStore(lingering)
  return useCallback((id) => all.has(firstId(id)), [all])
}

function linger(id: string): void {
  letGo(id)
  const timer = setTimeout(() => letGo(id), lingerMs)
  lingering.set((before) => new Map(before).set(firstId(id), timer))
}

function letGo(id: string): void {
  clearTimeout(lingering.get().get(firstId(id)))
  lingering.set((before) => {
    const after = new Map(before)
    return after.delete(firstId(id)) ? after : before
  })
}

export function completeTask(task: Task): void {
  void command(about('task-complete', task))
  linger(task.id)
  speakAloud(t('said.completed', { title: task.title }))
  remember({ label: t('undo.complete', { title: task.title }), undo: () => reopenTask(task) })
}

export function reopenTask(task: Task): void {
  letGo(task.id)
  void command(about('task-reopen', task))
  speakAloud(t('said.reopened', { title: task.title }))
}

/**
 * Changes fields, and answers how to take it back. Whoever changed the same ones since they were `seen` is not overwritten: see
 * `mend.ts`.
 */
export function updateTask(id: string, patch: TaskPatch, seen = taskById(id)): Step | undefined {
  if (!seen || !taskById(id)) return undefined
  const before = fieldsOf(seen, patch)
  if (same(before, patch)) return undefined
  change(id, patch, { version: seen.version, fields: before })
  return remember({
    label: t('undo.change', { title: seen.title }),
    undo: () => change(id, before, { version: seen.version, fields: patch }),
    touched: Object.keys(patch).map((field) => `${id} ${field}`),
  })
}

const fieldsOf = (task: Task, patch: TaskPatch): TaskPatch =>
  Object.fromEntries(Object.keys(patch).map((field) => [field, task[field as keyof Task]]))

const same = (a: TaskPatch, b: TaskPatch) => JSON.stringify(a) === JSON.stringify(b)

/** Moves a task to another day, at its own time unless that has gone by: it would be late at once, and reminded of. */
export function setDay(id: string, day: string): Step | undefined {
  const task = taskById(id)
  if (!task) return undefined
  const due = localDue(task, zone())
  const moved = { time: null, ...due, day }
  const isPast = isLate(moved, here.get())
  if (due?.day === day && !isPast) return undefined
  return updateTask(id, { due_date: withLocal(isPast ? { day, time: null } : moved, zone()) })
}

/** The same, and says so. */
export function moveToDay(id: string, day: string): void {
  const step = setDay(id, day)
  if (!step) return
  const { title } = taskById(id)!
  notify(t('said.moved', { title, day: dayWords(day, currentDay()) }), {
    action: { label: t('action.undo'), run: () => undoStep(step) },
  })
}

/** While the fields still say what was seen, their version is the present one; otherwise the server refuses the one seen. */
function change(id: string, body: TaskPatch, seen: { version: number; fields: TaskPatch }): void {
  const task = taskById(id)
  if (!task) return
  const version = same(fieldsOf(task, body), seen.fields) ? task.version : seen.version
  void command({ ...about('task-update-patch', task), body, base: { ...seen, version } })
}

/** Leaves one occurrence out; the series goes on with the next. */
export function skipTask(task: Task): void {
  if (!task.recurring_task_id || !task.occurrence) return
  const { id, title, recurring_task_id, occurrence } = task
  const params = { recurring_task_id, occurrence }
  void command({ operation: 'occurrence-skip', params, subject: id, title })
  const step = { label: t('undo.skip', { title }), undo: () => void command(about('task-reopen', task)) }
  remember(step)
  notify(t('said.skipped', { title }), {
    action: { label: t('action.undo'), run: () => undoStep(step) },
  })
}

/** Leaves out everything of a series whose time has come. */
export function skipMissed({ id, title }: Series): void {
  const params = { recurring_task_id: id, occurrence: 'overdue' }
  void command({ operation: 'occurrence-skip', params, subject: id, title })
  notify(t('said.skipped', { title }))
}

/** Puts a series in the place of a task, which stays when the series is refused. Answers like `addSeries`. */
export function repeatTask(task: Task, body: Parameters<typeof addSeries>[0]): string {
  const needs = addSeries(body)
  void command({ ...about('task-delete', task), needs })
  return needs
}

export function deleteTask(task: Task): void {
  void command(about('task-delete', task))
  const step = {
    label: t('undo.delete', { title: task.title }),
    undo: () => void command({ ...about('task-undo', task), body: {} }),
  }
  remember(step)
  notify(t('said.deleted', { title: task.title }), {
    action: { label: t('action.undo'), run: () => undoStep(step) },
  })
}
