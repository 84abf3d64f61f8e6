/** The minute in which the user lives. */
import { useMemo } from 'react'
import { clockIn } from '../dates/days.ts'
import type { Here } from '../tasks/groups.ts'
import { useToday, useZone } from './profile.ts'
import { createStore, useStore } from './store.ts'

const minute = createStore('')
const readMinute = () => new Date().toISOString().slice(0, 16)

if (typeof window !== 'undefined') {
  setInterval(() => minute.set(readMinute()), 1_000)
  minute.set(readMinute())
}

/** Changes with the minute, the day and the zone. */
export function useHere(): Here {
  const zone = useZone()
  const today = useToday()
  const now = useStore(minute) || '2000-01-01T00:00'
  return useMemo(() => ({ zone, today, now: clockIn(zone, `${now}:00Z`) }), [zone, today, now])
}
