/** HOURLY and MINUTELY: elapsed time on instants. Clock changes neither stretch nor shorten a step. */
import { daySeconds, modulo } from './civil.ts'
import { dayFits, nextFittingMonth } from './dates.ts'
import { lastDay, type Plan } from './series.ts'
import { resolveLocal } from './window.ts'
import type { ZoneClock } from './zone.ts'

/** An instant in seconds, and which occurrence of a counted rule it is, from 1; 0 when the rule does not count. */
export type Instant = { epoch: number; ordinal: number }

/** A rule whose filters agree on nothing is given up after this many looks; no rule that agrees needs more between two. */
const looksMax = 20_000

/** Yields in order what the rule produces from `from` to `to`. */
export function* instantsFrom(plan: Plan, clock: ZoneClock, from: number, to: number): Generator<Instant> {
  const unit = plan.freq === 'HOURLY' ? 3_600 : 60
  const step = plan.interval * unit
  const base = resolveLocal(plan, clock, plan.start).epoch
  const end = Math.min(to, (lastDay + 1) * daySeconds)
  const lower = Math.max(from, base)
  const toStep = (epoch: number) => Math.max(0, Math.ceil((epoch - base) / step))
  // Minutes and seconds may be spread over the unit that the instant lies in, so begin one unit early.
  let index = plan.count === undefined ? toStep(lower - unit) : 0
  let ordinal = 0
  if (plan.count !== undefined && isPlain(plan)) {
    index = toStep(lower)
    ordinal = index
  }
  let last = -Infinity
  for (let looks = 0; looks < looksMax; looks++) {
    const at = base + index * step
    if (at > end + unit) return
    const local = clock.localAt(at)
    const target = nextAllowed(plan, local)
    if (target > local) {
      // Never past a clock change: behind it local times come again, or do not come at all.
      index = Math.max(index + 1, toStep(Math.min(at + target - local, clock.changeAfter(at))))
      continue
    }
    for (const epoch of expanded(plan, at, local)) {
      if (epoch < base || epoch <= last || epoch > end) continue
      last = epoch
      if (plan.count !== undefined && ++ordinal > plan.count) return
      looks = 0
      if (epoch < lower) continue
      yield { epoch, ordinal }
    }
    index++
  }
}

/** Nothing but the step: the ordinal is arithmetic. */
function isPlain(plan: Plan): boolean {
  const limited = plan.weekdays !== 0 || plan.months !== 0 || plan.monthDays || plan.yearDays || plan.setPos
  return !limited && !plan.hours && !plan.minutes && !plan.seconds
}

/** This local time when its day, hour and minute pass, otherwise the earliest later one that may. */
function nextAllowed(plan: Plan, local: number): number {
  const day = Math.floor(local / daySeconds)
  if (!dayFits(plan, day)) return nextFittingMonth(plan, day) * daySeconds
  const second = local - day * daySeconds
  if (plan.hours && !plan.hours.includes(Math.floor(second / 3_600))) {
    const next = plan.hours.find((hour) => hour * 3_600 > second)
    return next === undefined ? (day + 1) * daySeconds : day * daySeconds + next * 3_600
  }
  const minute = Math.floor(second / 60) % 60
  if (plan.freq === 'HOURLY' || !plan.minutes || plan.minutes.includes(minute)) return local
  const hourStart = local - (second % 3_600)
  const next = plan.minutes.find((value) => value > minute)
  return next === undefined ? hourStart + 3_600 : hourStart + next * 60
}

/** The instants inside the hour or minute of `at`, after BYSETPOS. */
function expanded(plan: Plan, at: number, local: number): number[] {
  const second = modulo(local, 60)
  const minute = modulo(Math.floor(local / 60), 60)
  const seconds = plan.seconds ?? [second]
  const minutes = plan.freq === 'HOURLY' && plan.minutes ? plan.minutes : [minute]
  if (!plan.setPos && seconds.length === 1 && minutes.length === 1 && !plan.seconds && !plan.minutes)
    return [at]
  const start = at - minute * 60 - second
  const all = minutes.flatMap((m) => seconds.map((s) => start + m * 60 + s))
  if (!plan.setPos) return all
  return all.filter((_, i) => plan.setPos!.includes(i + 1) || plan.setPos!.includes(i - all.length))
}
