/** Where and when the user lives: their zone, their day, the minute of their clock. Each turns over by itself. */
import { clockIn } from '../dates/days.ts'
import { today } from '../dates/due.ts'
import type { Here } from '../tasks/groups.ts'
import { profile, zone } from './profile.ts'
import { createStore, useStore } from './store.ts'

export const here = createStore<Here>(
  { zone: 'UTC', today: '', now: { day: '2000-01-01', time: '00:00' } },
  (a, b) => JSON.stringify(a) === JSON.stringify(b),
)

const tick = () =>
  here.set({
    zone: zone(),
    today: today(zone(), profile.get()?.day_start),
    now: clockIn(zone(), Date.now()),
  })

if (typeof window !== 'undefined') {
  profile.subscribe(tick)
  setInterval(tick, 1_000)
  tick()
}

/** Changes with the minute: a view reads it once, and a row only what it makes of it. */
export const useHere = (): Here => useStore(here)

/** The user's day; components that use it turn over when it ends. */
export const useToday = (): string => useStore(here, ({ today }) => today)

export const currentDay = (): string => here.get().today
