/** Where and when the user lives: their zone, their day, the minute of their clock. Each turns over by itself. */
import { clockIn } from '../dates/days.ts'
import { today } from '../dates/due.ts'
import type { Here } from '../tasks/groups.ts'
import { profile, zone } from './profile.ts'
import { createStore, useStore } from './store.ts'

export const here = createStore<Here>({ zone: 'UTC', today: '', now: { day: '2000-01-01', time: '00:00' } })

const readDay = () => today(zone(), profile.get()?.day_start)

function tick(): void {
  const next = { zone: zone(), today: readDay(), now: clockIn(zone(), Date.now()) }
  here.set((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next))
}

if (typeof window !== 'undefined') {
  profile.subscribe(tick)
  setInterval(tick, 1_000)
  tick()
}

/** Changes with the minute: a view reads it once, and a row only what it makes of it. */
export const useHere = (): Here => useStore(here)

/** The user's day; components that use it turn over when it ends. */
export const useToday = (): string => useStore(here, ({ today }) => today)

export const currentDay = (): string => here.get().today || readDay()
