/** Keys, exceptions and bounds, brought to the scale on which the occurrences of a series are compared. */
import { daySeconds, modulo } from './civil.ts'
import { localOf, parsePoint, type Point } from './check.ts'
import type { Plan } from './series.ts'
import type { Resolved, ZoneClock } from './zone.ts'

/** Bounds of a search. `after` is a key, exclusive; `from` is inclusive, `before` exclusive. */
export type Window = {
  after?: string
  from?: Temporal.Instant | Temporal.PlainDate
  before?: Temporal.Instant | Temporal.PlainDate
  /** The zone in which dates and floating times are read. */
  userZone: string
}

/**
 * Dates compare by their midnight, read as if in UTC; everything else by its instant. Both in seconds since 1970.
 */
export type Bounds = { least: number; end: number }

/** The lowest order that a window lets in, and the first that it does not. */
export function boundsOf(plan: Plan, clock: ZoneClock, window: Window): Bounds {
  const after =
    window.after === undefined ? -Infinity : orderAfter(plan, clock, parsePoint(window.after, 'occurrence'))
  const from = window.from === undefined ? -Infinity : orderAt(plan, clock, window.from)
  return {
    least: Math.max(after, from),
    end: window.before === undefined ? Infinity : orderAt(plan, clock, window.before),
  }
}

function orderAfter(plan: Plan, clock: ZoneClock, point: Point): number {
  if (plan.kind === 'date') return (dayOfPoint(clock, point) + 1) * daySeconds
  if (point.kind === 'date') return clock.dayStart(point.day + 1)
  return epochOfPoint(plan, clock, point) + 1
}

/** The lowest order of an occurrence that is due at this moment or later. */
function orderAt(plan: Plan, clock: ZoneClock, at: Temporal.Instant | Temporal.PlainDate): number {
  if (at instanceof Temporal.PlainDate) {
    const day = localOf(at.toPlainDateTime()) / daySeconds
    return plan.kind === 'date' ? day * daySeconds : clock.dayStart(day)
  }
  const nanoseconds = at.epochNanoseconds - BigInt(plan.fractionNs)
  const second = Number(nanoseconds / 1_000_000_000n)
  const epoch = nanoseconds > BigInt(second) * 1_000_000_000n ? second + 1 : second
  if (plan.kind !== 'date') return epoch
  const day = Math.floor(clock.localAt(epoch) / daySeconds)
  // A date is due when the next day begins, so at that very instant it still counts.
  return (clock.dayStart(day) === epoch ? day - 1 : day) * daySeconds
}

/** Where the search in local time begins and ends so that no order inside the bounds is missed. */
export function localBounds(plan: Plan, clock: ZoneClock, bounds: Bounds): { from: number; to: number } {
  if (plan.kind === 'date') return { from: bounds.least, to: bounds.end }
  return {
    from: localFloor(clock, bounds.least),
    to: bounds.end === Infinity ? Infinity : clock.localAt(bounds.end) + daySeconds,
  }
}

function localFloor(clock: ZoneClock, epoch: number): number {
  if (epoch === -Infinity) return epoch
  const local = clock.localAt(epoch)
  // A clock change in the last day may have moved an earlier local time to here (Samoa skipped a whole day).
  return local - clock.localAt(epoch - daySeconds) === daySeconds ? local : local - daySeconds - 1
}

function dayOfPoint(clock: ZoneClock, point: Point): number {
  if (point.kind === 'date') return point.day
  return Math.floor((point.kind === 'local' ? point.local : clock.localAt(point.epoch)) / daySeconds)
}

function epochOfPoint(plan: Plan, clock: ZoneClock, point: Exclude<Point, { kind: 'date' }>): number {
  return point.kind === 'local' ? resolveLocal(plan, clock, point.local).epoch : point.epoch
}

/** A start that is given as an instant is itself also in the hour that comes twice, where its local time would not tell. */
export function resolveLocal(plan: Plan, clock: ZoneClock, local: number): Resolved {
  return local === plan.start && plan.startEpoch !== undefined
    ? { epoch: plan.startEpoch }
    : clock.resolve(local)
}

/** A test for the exceptions of a series: by day, by local time or by instant, as each was given. */
export function exclusions(
  plan: Plan,
  clock: ZoneClock,
): (candidate: { local: number; epoch: number }) => boolean {
  if (plan.exclude.length === 0) return () => false
  const elapsed = plan.freq === 'HOURLY' || plan.freq === 'MINUTELY'
  const days = new Set<number>()
  const locals = new Set<number>()
  const epochs = new Set<number>()
  for (const point of plan.exclude) {
    if (plan.kind === 'date' || point.kind === 'date') days.add(dayOfPoint(clock, point))
    else if (point.kind === 'local' && !elapsed) locals.add(point.local)
    else epochs.add(epochOfPoint(plan, clock, point))
  }
  return ({ local, epoch }) =>
    locals.has(local) || epochs.has(epoch) || (days.size > 0 && days.has(Math.floor(local / daySeconds)))
}

/** The end that UNTIL sets, as a test. A local UNTIL is compared with local times, an instant with instants. */
export function endTest(
  plan: Plan,
  clock: ZoneClock,
): (candidate: { local: number; epoch: number }) => boolean {
  const until = plan.until
  if (!until) return () => false
  if (plan.kind === 'date') {
    // The day is the one that is written, whatever the zone: a date has none.
    const last = until.kind === 'instant' ? Math.floor(until.epoch / daySeconds) : dayOfPoint(clock, until)
    return ({ local }) => local > last * daySeconds
  }
  if (until.kind === 'instant') return ({ epoch }) => epoch > until.epoch
  if (plan.freq === 'HOURLY' || plan.freq === 'MINUTELY') {
    const last = until.kind === 'date' ? clock.dayStart(until.day + 1) - 1 : clock.resolve(until.local).epoch
    return ({ epoch }) => epoch > last
  }
  const last = until.kind === 'date' ? until.day * daySeconds + daySeconds - 1 : until.local
  return ({ local }) => local > last
}

/** The local time at which an added date lies: its own, or on a bare date the start's time of day. */
export function localOfPoint(plan: Plan, clock: ZoneClock, point: Point): number {
  if (plan.kind === 'date') return dayOfPoint(clock, point) * daySeconds
  if (point.kind === 'date') return point.day * daySeconds + modulo(plan.start, daySeconds)
  return point.kind === 'local' ? point.local : clock.localAt(point.epoch)
}
