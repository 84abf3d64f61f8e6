/** What a series produces, as whole numbers: the rule, the added dates, without the exceptions, in order, each once. */
import { daySeconds } from './civil.ts'
import { instantsFrom } from './elapsed.ts'
import { localsFrom } from './locals.ts'
import type { Plan } from './series.ts'
import { endTest, exclusions, localBounds, localOfPoint, resolveLocal, type Bounds } from './window.ts'
import type { Shift, ZoneClock } from './zone.ts'

/** `order` is what occurrences are compared by: the date for dates, the instant for everything else. */
export type Candidate = {
  order: number
  local: number
  epoch: number
  ordinal: number
  shift?: Shift | undefined
  added?: boolean
}

/** Each generator in between costs as much as the arithmetic, so one that has nothing to do is left out. */
export function candidatesIn(plan: Plan, clock: ZoneClock, bounds: Bounds): Iterable<Candidate> {
  if (plan.include.length === 0 && plan.exclude.length === 0) return ruled(plan, clock, bounds)
  return without(
    plan,
    clock,
    plan.include.length === 0 ? ruled(plan, clock, bounds) : merged(plan, clock, bounds),
  )
}

function* without(plan: Plan, clock: ZoneClock, source: Iterable<Candidate>): Generator<Candidate> {
  const excluded = exclusions(plan, clock)
  for (const candidate of source) if (!excluded(candidate)) yield candidate
}

/** The rule and the added dates, an added one only where the rule has none. */
function* merged(plan: Plan, clock: ZoneClock, bounds: Bounds): Generator<Candidate> {
  const added = addedDates(plan, clock)
  let next = added.findIndex((candidate) => candidate.order >= bounds.least)
  if (next === -1) next = added.length
  const last = added.findLastIndex((candidate) => candidate.order < bounds.end)
  for (const candidate of ruled(plan, clock, bounds)) {
    while (next <= last && added[next]!.order < candidate.order) yield added[next++]!
    if (next <= last && added[next]!.order === candidate.order) next++
    yield candidate
  }
  while (next <= last) yield added[next++]!
}

function addedDates(plan: Plan, clock: ZoneClock): Candidate[] {
  const all = plan.include.map((point): Candidate => {
    const candidate = candidateAt(plan, clock, localOfPoint(plan, clock, point), 0)
    if (point.kind !== 'instant' || plan.kind === 'date') return { ...candidate, added: true }
    return { ...candidate, order: point.epoch, epoch: point.epoch, shift: undefined, added: true }
  })
  const ascending = all.toSorted((a, b) => a.order - b.order)
  return ascending.filter((candidate, index) => candidate.order !== ascending[index - 1]?.order)
}

function ruled(plan: Plan, clock: ZoneClock, bounds: Bounds): Iterable<Candidate> {
  if (plan.freq === undefined) return [candidateAt(plan, clock, plan.start, 0)].filter(isWithin(bounds))
  if (plan.freq === 'HOURLY' || plan.freq === 'MINUTELY') return elapsed(plan, clock, bounds)
  return calendar(plan, clock, bounds)
}

const isWithin =
  ({ least, end }: Bounds) =>
  ({ order }: Candidate) =>
    order >= least && order < end

function* elapsed(plan: Plan, clock: ZoneClock, bounds: Bounds): Generator<Candidate, undefined> {
  const ended = endTest(plan, clock)
  for (const { epoch, ordinal } of instantsFrom(plan, clock, bounds.least, bounds.end)) {
    const candidate = { order: epoch, local: clock.localAt(epoch), epoch, ordinal }
    if (epoch >= bounds.end || ended(candidate)) return
    if (epoch >= bounds.least) yield candidate
  }
}

/**
 * A skipped local time moves forward and may pass, or meet, a real one: it waits until its place has come, and where both
 * fall on one instant only the real one stays.
 */
function* calendar(plan: Plan, clock: ZoneClock, bounds: Bounds): Generator<Candidate> {
  const { from, to } = localBounds(plan, clock, bounds)
  const ended = endTest(plan, clock)
  const waiting: Candidate[] = []
  for (const { local, ordinal } of localsFrom(plan, from, to)) {
    const candidate = candidateAt(plan, clock, local, ordinal)
    const past = ended(candidate)
    if (candidate.shift === 'gap') {
      if (!past && candidate.order >= bounds.least && candidate.order < bounds.end) waiting.push(candidate)
      continue
    }
    if (past || candidate.order >= bounds.end) break
    if (waiting.length > 0) {
      while (waiting.length > 0 && waiting[0]!.order < candidate.order) yield waiting.shift()!
      if (waiting.length > 0 && waiting[0]!.order === candidate.order) waiting.shift()
    }
    if (candidate.order >= bounds.least) yield candidate
  }
  yield* waiting
}

function candidateAt(plan: Plan, clock: ZoneClock, local: number, ordinal: number): Candidate {
  if (plan.kind === 'date')
    return { order: local, local, epoch: clock.dayStart(local / daySeconds + 1), ordinal }
  const { epoch, shift } = resolveLocal(plan, clock, local)
  return { order: epoch, local, epoch, ordinal, shift }
}
