/** Which task is shown where, and in which order. Pure, so that every view and every test counts the same. */
import type { Task } from '../api/shapes.ts'
import { localDue, type LocalDue } from '../dates/due.ts'

export type Placed = { task: Task; due: LocalDue | null }

/** How the reader lives: zone, today's date by their day start, and the minute of their clock. */
export type Here = { zone: string; today: string; now: { day: string; time: string } }

type Tasks = Iterable<Task>

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** What the server has not made yet comes last, whatever the clocks say: it keeps its place when it is made. */
const madeAt = ({ version, created_at }: Task) => (version === 0 ? `~${created_at}` : created_at)

/** Timed before untimed on one day, then by priority, then the older first. */
function inOrder(a: Placed, b: Placed): number {
  return (
    byText(a.due?.day ?? '9', b.due?.day ?? '9') ||
    byText(a.due?.time ?? '99', b.due?.time ?? '99') ||
    a.task.priority - b.task.priority ||
    byText(madeAt(a.task), madeAt(b.task))
  )
}

const known = new WeakMap<Task, Placed & { zone: string }>()

/** The same object for the same task, so that its row is drawn anew only when it has changed. */
export function placedOne(task: Task, zone: string): Placed {
  const before = known.get(task)
  if (before?.zone === zone) return before
  const placed = { task, zone, due: localDue(task, zone) }
  known.set(task, placed)
  return placed
}

/** Whether a task stays that is done: one that was done a moment ago keeps its place. */
type Lingers = (id: string) => boolean

/** Open tasks, and those that linger, in order. */
function placed(tasks: Tasks, zone: string, lingers: Lingers): Placed[] {
  const result: Placed[] = []
  for (const task of tasks) {
    if (task.status !== 'open' && !lingers(task.id)) continue
    result.push(placedOne(task, zone))
  }
  return result.toSorted(inOrder)
}

/** A timed task is late from its minute on, a date when its day has ended. */
export function isLate(due: LocalDue | null, { today, now }: Here): boolean {
  if (!due) return false
  if (due.time === null) return due.day < today
  return due.day < now.day || (due.day === now.day && due.time <= now.time)
}

export type Today = { late: Placed[]; timed: Placed[]; dated: Placed[] }

/** What is overdue, what has a time today, and what is to be done today whenever. */
export function todayGroups(tasks: Tasks, here: Here, lingers: Lingers): Today {
  const result: Today = { late: [], timed: [], dated: [] }
  for (const each of placed(tasks, here.zone, lingers)) {
    const part = partOfToday(each.due, here)
    if (part) result[part].push(each)
  }
  return result
}

function partOfToday(due: LocalDue | null, here: Here): keyof Today | undefined {
  if (!due) return undefined
  if (isLate(due, here)) return 'late'
  // After midnight, before the day starts: what is due on the calendar's day belongs to the night.
  const isTonight = due.time !== null && due.day === here.now.day
  if (due.day > here.today && !isTonight) return undefined
  return due.time === null ? 'dated' : 'timed'
}

/** Tasks without a date. */
export const inboxTasks = (tasks: Tasks, zone: string, lingers: Lingers): Placed[] =>
  placed(tasks, zone, lingers).filter(({ due }) => due === null)

/** Tasks from tomorrow on, by day. */
export function upcomingDays(tasks: Tasks, here: Here, lingers: Lingers): Map<string, Placed[]> {
  const days = new Map<string, Placed[]>()
  for (const each of placed(tasks, here.zone, lingers)) {
    if (!each.due || each.due.day <= here.today || isLate(each.due, here)) continue
    const day = days.get(each.due.day)
    if (day) day.push(each)
    else days.set(each.due.day, [each])
  }
  return days
}

export const taggedTasks = (tasks: Tasks, tag: string, zone: string, lingers: Lingers): Placed[] =>
  placed(tasks, zone, lingers).filter(({ task }) => task.tags.includes(tag))

/** Tags of open tasks with their number, the most used first. */
export function tagCounts(tasks: Tasks): [tag: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { status, tags } of tasks) {
    if (status === 'open') for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  }
  return [...counts].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b))
}

export type Counts = { inbox: number; today: number; late: number }

export function countTasks(tasks: Tasks, here: Here): Counts {
  const counts = { inbox: 0, today: 0, late: 0 }
  for (const task of tasks) {
    if (task.status !== 'open') continue
    const { due } = placedOne(task, here.zone)
    const part = partOfToday(due, here)
    if (due === null) counts.inbox++
    if (part) counts.today++
    if (part === 'late') counts.late++
  }
  return counts
}
