/** Occurrences of a series: dates first, then the time of day, the zone last. */
import { candidatesIn, type Candidate } from './candidates.ts'
import { civil, dateText, daySeconds, localText } from './civil.ts'
import type { Due } from './due.ts'
import { noteOf } from './note.ts'
import { planOf, type Plan, type Series } from './series.ts'
import { boundsOf, type Window } from './window.ts'
import { zoneClock, type ZoneClock } from './zone.ts'

export type Occurrence = {
  /** Its identity for ever: the local date or time that the rule gave it; an instant for HOURLY and MINUTELY. */
  key: string
  /** In the form of the start. */
  due: Due
  at: Temporal.Instant
  /** Why it is not where one would expect it. */
  note?: string
  /** Which one it is of a rule with COUNT, from 1. One that an exception leaves out is counted too. */
  index?: number
}

/**
 * Yields the occurrences of a window in order. It begins at the window, not at the start of the series, and ends with the
 * year 2200 at the latest. Throws a `RecurrenceError` for a rule, a key or a zone that is wrong.
 */
export function* occurrences(series: Series, window: Window): Generator<Occurrence, undefined> {
  const plan = planOf(series)
  const clock = zoneClock(plan.zone ?? window.userZone)
  for (const candidate of candidatesIn(plan, clock, boundsOf(plan, clock, window))) {
    yield occurrenceOf(plan, clock, candidate)
  }
}

/** The first occurrence after a key, which need not be one of the series; the very first without a key. */
export function nextOccurrence(
  series: Series,
  afterKey: string | undefined,
  userZone: string,
): Occurrence | undefined {
  const window: Window = afterKey === undefined ? { userZone } : { after: afterKey, userZone }
  return occurrences(series, window).next().value
}

/** The last occurrence that is due at this instant or before it; nothing when none is. */
export function latestOccurrence(
  series: Series,
  at: Temporal.Instant,
  userZone: string,
): Occurrence | undefined {
  const plan = planOf(series)
  const clock = zoneClock(plan.zone ?? userZone)
  const { end } = boundsOf(plan, clock, { userZone, before: at.add({ nanoseconds: 1 }) })
  // Four times as far back each time: the work goes with the gap before the instant, not with the age of the series.
  const horizon = end - 240 * 366 * daySeconds
  for (let back = 3_600; ; back *= 4) {
    let latest: Candidate | undefined
    const least = Math.max(horizon, end - back)
    for (const candidate of candidatesIn(plan, clock, { least, end })) latest = candidate
    if (latest) return occurrenceOf(plan, clock, latest)
    if (least === horizon) return undefined
  }
}

function occurrenceOf(plan: Plan, clock: ZoneClock, candidate: Candidate): Occurrence {
  const occurrence: Occurrence = {
    key: keyOf(plan, candidate),
    due: dueOf(plan, clock, candidate),
    at: instantOf(candidate.epoch, plan.fractionNs),
  }
  const note = noteOf(plan, candidate)
  if (note !== undefined) occurrence.note = note
  if (candidate.ordinal > 0) occurrence.index = candidate.ordinal
  return occurrence
}

function keyOf(plan: Plan, candidate: Candidate): string {
  if (plan.kind === 'date') return dateText(candidate.local / daySeconds)
  if (plan.freq === 'HOURLY' || plan.freq === 'MINUTELY')
    return instantOf(candidate.epoch, plan.fractionNs).toString()
  if (plan.fractionNs !== 0) return plainOf(candidate.local, plan.fractionNs).toString()
  return localText(candidate.local)
}

function dueOf(plan: Plan, clock: ZoneClock, candidate: Candidate): Due {
  if (plan.kind === 'instant')
    return { kind: 'instant', instant: instantOf(candidate.epoch, plan.fractionNs) }
  if (plan.kind === 'date') {
    const { year, month, day } = civil(candidate.local / daySeconds)
    return { kind: 'date', date: new Temporal.PlainDate(year, month, day) }
  }
  if (plan.kind === 'floating') return { kind: 'floating', local: plainOf(candidate.local, plan.fractionNs) }
  // In its own zone a time that the clock skips is shown where it really is; a floating one may be read elsewhere.
  const shown = candidate.shift === 'gap' ? clock.localAt(candidate.epoch) : candidate.local
  return { kind: 'zoned', local: plainOf(shown, plan.fractionNs), zone: clock.zone }
}

function instantOf(epoch: number, fractionNs: number): Temporal.Instant {
  if (fractionNs === 0) return Temporal.Instant.fromEpochMilliseconds(epoch * 1_000)
  return new Temporal.Instant(BigInt(epoch) * 1_000_000_000n + BigInt(fractionNs))
}

function plainOf(local: number, fractionNs: number): Temporal.PlainDateTime {
  const days = Math.floor(local / daySeconds)
  const second = local - days * daySeconds
  const { year, month, day } = civil(days)
  const hour = Math.floor(second / 3_600)
  const minute = Math.floor(second / 60) % 60
  if (fractionNs === 0) return new Temporal.PlainDateTime(year, month, day, hour, minute, second % 60)
  const [millisecond, rest] = [Math.floor(fractionNs / 1e6), fractionNs % 1e6]
  const microsecond = Math.floor(rest / 1e3)
  return new Temporal.PlainDateTime(
    year,
    month,
    day,
    hour,
    minute,
    second % 60,
    millisecond,
    microsecond,
    rest % 1e3,
  )
}
