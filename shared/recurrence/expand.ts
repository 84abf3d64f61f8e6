/** Occurrences of a series: dates first, then the time of day, the zone last. */
import type { Language } from '../contract/language.ts'
import { candidatesIn, type Candidate } from './candidates.ts'
import { parsePoint } from './check.ts'
import { civil, dateText, daySeconds, localText } from './civil.ts'
import { formatDue, type Due } from './due.ts'
import { noteOf } from './note.ts'
import { planOf, type Plan, type Series } from './series.ts'
import { boundsOf, type Window } from './window.ts'
import { zoneClock, type ZoneClock } from './zone.ts'

/**
 * One occurrence. Its fields are made when they are first read, because two `Temporal` objects cost more than all the
 * rest: a walk that only looks at keys does not pay for them. It is read, destructured or turned into JSON, never spread.
 */
export type Occurrence = {
  /** Its identity for ever: the local date or time that the rule gave it; an instant for HOURLY and MINUTELY. */
  readonly key: string
  /** In the form of the start. */
  readonly due: Due
  readonly at: Temporal.Instant
  /** The same instant in milliseconds since 1970, for whom numbers will do. */
  readonly atMs: number
  /** Why it is not where one would expect it, in English and in a language. */
  readonly note?: string | undefined
  readonly noteIn: (language: Language) => string | undefined
  /** Which one it is of a rule with COUNT, from 1. One that an exception leaves out is counted too. */
  readonly index?: number | undefined
}

/**
 * Yields the occurrences of a window in order. It begins at the window, not at the start of the series, and ends with the
 * year 2200 at the latest. A start that the rule does not produce is no occurrence (`checkSeries` refuses it). Throws a `RecurrenceError` for a rule, a key or a zone that is wrong.
 */
export function* occurrences(series: Series, window: Window): Generator<Occurrence, undefined> {
  const plan = planOf(series)
  const clock = zoneClock(plan.zone ?? window.userZone)
  for (const candidate of candidatesIn(plan, clock, boundsOf(plan, clock, window))) {
    yield new LazyOccurrence(plan, clock, candidate)
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

/** The occurrence with this very key; nothing when the series has none. Throws a `RecurrenceError` for what is no key. */
export function occurrenceAt(series: Series, key: string, userZone: string): Occurrence | undefined {
  const point = parsePoint(key, 'occurrence')
  const date = Temporal.PlainDate.from(key.slice(0, 10))
  const from = point.kind === 'instant' ? Temporal.Instant.from(key) : date.subtract({ days: 1 })
  // A day on either side: a clock change may move a local time into another day.
  const before =
    point.kind === 'instant' ? Temporal.Instant.from(key).add({ seconds: 1 }) : date.add({ days: 2 })
  return occurrences(series, { from, before, userZone }).find((occurrence) => occurrence.key === key)
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
    if (latest) return new LazyOccurrence(plan, clock, latest)
    if (least === horizon) return undefined
  }
}

/** What is worked out is kept in fields that come into being with it: three to make an occurrence instead of six. */
class LazyOccurrence implements Occurrence {
  private readonly plan: Plan
  private readonly clock: ZoneClock
  private readonly candidate: Candidate
  declare private knownKey?: string
  declare private knownDue?: Due
  declare private knownAt?: Temporal.Instant

  constructor(plan: Plan, clock: ZoneClock, candidate: Candidate) {
    this.plan = plan
    this.clock = clock
    this.candidate = candidate
  }

  get key(): string {
    return (this.knownKey ??= keyOf(this.plan, this.candidate))
  }

  get due(): Due {
    return (this.knownDue ??= dueOf(this.plan, this.clock, this.candidate))
  }

  get at(): Temporal.Instant {
    return (this.knownAt ??= instantOf(this.candidate.epoch, this.plan.fractionNs))
  }

  get atMs(): number {
    return this.candidate.epoch * 1_000 + Math.floor(this.plan.fractionNs / 1e6)
  }

  get note(): string | undefined {
    return this.noteIn('en')
  }

  noteIn(language: Language): string | undefined {
    return noteOf(this.plan, this.candidate, language)
  }

  get index(): number | undefined {
    return this.candidate.ordinal > 0 ? this.candidate.ordinal : undefined
  }

  toJSON(): object {
    return { key: this.key, due: formatDue(this.due), at: this.at, note: this.note, index: this.index }
  }
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
