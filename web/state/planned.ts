/** What the series will bring: dates that are no tasks yet, by day. */
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import type { Series } from '../api/shapes.ts'
import { addDays } from '../dates/days.ts'
import { localDue } from '../dates/due.ts'
import { useToday } from './here.ts'
import { useZone } from './profile.ts'
import { series } from './series.ts'
import { useStore } from './store.ts'

export type PlannedOccurrence = {
  series: string
  title: string
  occurrence: string
  day: string
  time: string | null
  note: string | null
}

const daysAhead = 30
/** Series whose dates are asked for, and of those how many at a time. */
const seriesMax = 60
const atATime = 6

export function usePlanned(): ReadonlyMap<string, PlannedOccurrence[]> {
  const today = useToday()
  const zone = useZone()
  const all = useStore(series, (value) => value.all)
  const [planned, setPlanned] = useState<ReadonlyMap<string, PlannedOccurrence[]>>(new Map())
  useEffect(() => {
    if (!today) return
    let isLatest = true
    const active = [...all.values()]
      .filter((one) => one.is_active && one.mode === 'schedule')
      .slice(0, seriesMax)
    void read(active, today, zone).then((found) => isLatest && setPlanned(found))
    return () => {
      isLatest = false
    }
  }, [all, today, zone])
  return planned
}

async function read(active: Series[], today: string, zone: string) {
  const days = new Map<string, PlannedOccurrence[]>()
  for (let at = 0; at < active.length; at += atATime) {
    const some = active.slice(at, at + atATime)
    const found = await Promise.all(some.map((one) => readOne(one, today, zone).catch(() => [])))
    for (const each of found.flat()) days.set(each.day, [...(days.get(each.day) ?? []), each])
  }
  return days
}

async function readOne({ id, title }: Series, today: string, zone: string): Promise<PlannedOccurrence[]> {
  const query = { from: addDays(today, 1), to: addDays(today, daysAhead) }
  const { items } = await call('occurrence-list', { params: { recurring_task_id: id }, query })
  return items.flatMap(({ state, occurrence, due_date, due_at, note }) => {
    const due = localDue({ due_date, due_at }, zone)
    return state === 'planned' && due
      ? [{ series: id, title, occurrence, day: due.day, time: due.time, note }]
      : []
  })
}
