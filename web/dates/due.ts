/** When a task is due, on the calendar and the clock of its reader. */
import { addDays, clockIn, instantIn } from './days.ts'

/** `time` is null for a date without a time. `fixedZone`: the zone that the time is fixed to, if any. */
export type LocalDue = { day: string; time: string | null; fixedZone?: string | undefined }

/** `due_at` is null while the server has not told it yet. */
type Dated = { due_date: string | null; due_at: string | null }

/** Null without a due date. */
export function localDue({ due_date, due_at }: Dated, zone: string): LocalDue | null {
  if (due_date === null) return null
  const day = due_date.slice(0, 10)
  if (due_date === day) return { day, time: null }
  const time = due_date.slice(11, 16)
  const fixedZone = /\[([^\]]+)\]$/.exec(due_date)?.[1]
  if (fixedZone) return { ...clockIn(zone, due_at ?? instantIn(fixedZone, day, time)), fixedZone }
  if (!/(Z|[+-]\d\d:\d\d)$/.test(due_date)) return { day, time }
  return clockIn(zone, due_at ?? due_date)
}

/** The due date that is read like this in the zone. A time that is fixed to another one is written as the clock there shows it. */
export function withLocal({ day, time, fixedZone }: LocalDue, zone: string): string {
  if (time === null) return day
  if (!fixedZone) return `${day}T${time}:00`
  const there = clockIn(fixedZone, instantIn(zone, day, time))
  return `${there.day}T${there.time}:00[${fixedZone}]`
}

/** The user's day: it begins at `dayStart` (`04:00`), so the small hours belong to the day before. */
export function today(zone: string, dayStart = '00:00', now = Date.now()): string {
  const { day, time } = clockIn(zone, now)
  return time < dayStart.slice(0, 5) ? addDays(day, -1) : day
}
