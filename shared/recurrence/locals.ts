/** The local times of a rule that counts in days, weeks, months or years, in order, from any point. */
import { daySeconds, modulo } from './civil.ts'
import { datesOf, nextFittingMonth, periodOf, periodStart } from './dates.ts'
import { lastDay, type Plan } from './series.ts'

/** A local time in seconds, and which occurrence of a counted rule it is, from 1; 0 when the rule does not count. */
export type Local = { local: number; ordinal: number }

/** Yields in order what the rule produces from `from` to about `to`. Never walks from the anchor unless the rule has a COUNT. */
export function* localsFrom(plan: Plan, from: number, to: number): Generator<Local> {
  const anchor = periodOf(plan, Math.floor(plan.start / daySeconds))
  const last = periodOf(plan, Math.min(lastDay, Math.floor(to / daySeconds)))
  const lower = Math.max(from, plan.start)
  let period = firstPeriod(plan, anchor, lower)
  let ordinal = plan.count === undefined ? 0 : countBefore(plan, anchor, period)
  for (; period <= last; period = nextPeriod(plan, period)) {
    if (plan.count !== undefined && ordinal >= plan.count) return
    const own = periodDates(plan, period)
    const first = period === anchor ? plan.start : -Infinity
    if (plan.setPos) {
      for (const local of picked(plan, own)) {
        if (local < first) continue
        if (plan.count !== undefined && ++ordinal > plan.count) return
        if (local >= lower) yield { local, ordinal }
      }
      continue
    }
    for (const date of own) {
      const base = date * daySeconds
      if (base + daySeconds <= lower) {
        if (plan.count !== undefined) ordinal += timesFrom(plan, first - base)
        continue
      }
      for (const time of plan.times) {
        if (base + time < first) continue
        if (plan.count !== undefined && ++ordinal > plan.count) return
        if (base + time >= lower) yield { local: base + time, ordinal }
      }
    }
  }
}

/** The next aligned period; for days it passes over the months that BYMONTH does not name. */
function nextPeriod(plan: Plan, period: number): number {
  const next = period + plan.interval
  if (plan.freq !== 'DAILY' || plan.months === 0) return next
  const day = nextFittingMonth(plan, next - 1)
  return day === next ? next : next + Math.ceil((day - next) / plan.interval) * plan.interval
}

/** The aligned period to begin with: one earlier than the day asks for, because SKIP may move a date into the next. */
function firstPeriod(plan: Plan, anchor: number, lower: number): number {
  const period = periodOf(plan, Math.floor(lower / daySeconds)) - (plan.skip === 'OMIT' ? 0 : 1)
  return Math.max(anchor, anchor + Math.ceil((period - anchor) / plan.interval) * plan.interval)
}

/** The dates of a period without those that SKIP has already moved onto one of the period before. */
function periodDates(plan: Plan, period: number): number[] {
  const own = datesOf(plan, period)
  if (plan.skip === 'OMIT' || own.length === 0 || own[0]! > periodStart(plan, period)) return own
  const before = plan.interval === 1 ? datesOf(plan, period - 1).at(-1) : undefined
  return before === undefined ? own : own.filter((date) => date > before)
}

/** BYSETPOS: the named positions of a period's times, by arithmetic, because a year of seconds is too long to write down. */
function picked(plan: Plan, dates: number[]): number[] {
  const length = plan.times.length
  const total = dates.length * length
  const found: number[] = []
  for (const position of plan.setPos!) {
    const index = position > 0 ? position - 1 : total + position
    if (index < 0 || index >= total) continue
    found.push(dates[Math.floor(index / length)]! * daySeconds + plan.times[index % length]!)
  }
  return found.length < 2 ? found : [...new Set(found)].toSorted((a, b) => a - b)
}

/** How many times of a day are not before this second of it. */
function timesFrom(plan: Plan, second: number): number {
  if (second <= plan.times[0]!) return plan.times.length
  return plan.times.filter((time) => time >= second).length
}

/** Where counting has come to, so that the next page of a long rule does not count again. */
type Checkpoint = { period: number; counted: number }
const checkpoints = new WeakMap<Plan, Checkpoint>()

/** How many occurrences lie in the periods before this one. Whole numbers only: a century of days takes 2 ms. */
function countBefore(plan: Plan, anchor: number, period: number): number {
  const known = checkpoints.get(plan)
  let { period: at, counted } = known && known.period <= period ? known : { period: anchor, counted: 0 }
  if (at === anchor && at < period) {
    counted = countPeriod(plan, anchor, plan.start)
    at += plan.interval
  }
  const each = at < period ? constantPerPeriod(plan) : undefined
  if (each !== undefined) counted += each * ((period - at) / plan.interval)
  else
    for (; at < period && counted < plan.count!; at += plan.interval)
      counted += countPeriod(plan, at, -Infinity)
  checkpoints.set(plan, { period: each === undefined ? at : period, counted })
  return counted
}

function countPeriod(plan: Plan, period: number, first: number): number {
  const dates = periodDates(plan, period)
  if (plan.setPos) return picked(plan, dates).filter((local) => local >= first).length
  return dates.reduce((sum, date) => sum + timesFrom(plan, first - date * daySeconds), 0)
}

/** For a rule that gives every period alike, how many; nothing when only looking can tell. */
function constantPerPeriod(plan: Plan): number | undefined {
  if (plan.months !== 0 && plan.freq !== 'YEARLY') return undefined
  if (plan.setPos || plan.skip !== 'OMIT' || plan.yearDays || plan.weekNos || plan.nths.length > 0)
    return undefined
  const days = plan.monthDays
  if (plan.freq === 'DAILY') return plan.weekdays === 0 && !days ? plan.times.length : undefined
  if (plan.freq === 'WEEKLY') return modulo(countBits(plan.weekdays), 8) * plan.times.length
  if (plan.weekdays !== 0 || !days) return undefined
  const distinct = new Set(days)
  // From -28 to -1 and from 1 to 28 every month has the day; both signs together may name the same day twice.
  if (days.some((day) => Math.abs(day) > 28) || (days.some((day) => day < 0) && days.some((day) => day > 0)))
    return undefined
  const months = plan.freq === 'MONTHLY' ? 1 : countBits(plan.months) || 12
  return distinct.size * months * plan.times.length
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
