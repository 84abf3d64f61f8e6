/** When a task is due, on the calendar and the clock of its reader. */
import { clockIn } from './days.ts'

/** `time` is null for a date without a time. `fixedZone`: the zone that the time is fixed to, if any. */
export type LocalDue = { day: string; time: string | null; fixedZone?: string }

type Dated = { due_date: string | null; due_at: string | null }

/** Null without a due date. */
export function localDue({ due_date, due_at }: Dated, zone: string): LocalDue | null {
  if (due_date === null) return null
  if (due_date.length === 10) return { day: due_date, time: null }
  const fixedZone = /\[([^\]]+)\]$/.exec(due_date)?.[1]
  if (!fixedZone && !/(Z|[+-]\d\d:\d\d)$/.test(due_date)) {
    return { day: due_date.slice(0, 10), time: due_date.slice(11, 16) }
  }
  const clock =
    due_at === null ? { day: due_date.slice(0, 10), time: due_date.slice(11, 16) } : clockIn(zone, due_at)
  return fixedZone ? { ...clock, fixedZone } : clock
}

/** The due date with another day or time, in the form that it had: a time fixed to a zone stays so. */
export function withLocal(day: string, time: string | null, zone?: string): string {
  if (time === null) return day
  return `${day}T${time}:00${zone ? `[${zone}]` : ''}`
}

/** The user's day: it begins at `dayStart` (`04:00`), so the small hours belong to the day before. */
export function today(zone: string, dayStart = '00:00', now = Date.now()): string {
  const [hours, minutes] = dayStart.split(':').map(Number) as [number, number]
  return clockIn(zone, now - (hours * 60 + minutes) * 60_000).day
}
