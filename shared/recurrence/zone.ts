/** From a local time to an instant and back, in one zone. Both are counted in seconds since 1970-01-01T00:00. */
import { daySeconds } from './civil.ts'
import { knownZone } from './due.ts'

/** What a clock change did to a local time: it was skipped and moves forward, or it comes twice and the first is meant. */
export type Shift = 'gap' | 'overlap'

export type Resolved = { epoch: number; shift?: Shift }

export type ZoneClock = {
  zone: string
  resolve: (local: number) => Resolved
  /** The first instant of a day, which is not always midnight. */
  dayStart: (day: number) => number
  localAt: (epoch: number) => number
  /** The next instant at which the offset changes; infinite when it never will. */
  changeAfter: (epoch: number) => number
}

const clocks = new Map<string, ZoneClock>()

/** The clock of a zone, made once. Throws a `RecurrenceError` for an unknown zone. */
export function zoneClock(name: string): ZoneClock {
  const zone = knownZone(name)
  const known = clocks.get(zone)
  if (known) return known
  const clock = zone === 'UTC' ? utcClock : makeClock(zone)
  clocks.set(zone, clock)
  return clock
}

const utcClock: ZoneClock = {
  zone: 'UTC',
  resolve: (local) => ({ epoch: local }),
  dayStart: (day) => day * daySeconds,
  localAt: (epoch) => epoch,
  changeAfter: () => Infinity,
}

/** A stretch of time, start inclusive, end exclusive, in which the offset does not change. */
type Stretch = { start: number; end: number; offset: number }

function makeClock(zone: string): ZoneClock {
  const stretches: Stretch[] = []
  let latest: Stretch = { start: 0, end: 0, offset: 0 }

  function stretchAt(epoch: number): Stretch {
    if (epoch >= latest.start && epoch < latest.end) return latest
    let low = 0
    let high = stretches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (stretches[middle]!.end <= epoch) low = middle + 1
      else high = middle
    }
    const found = stretches[low]
    if (found && epoch >= found.start) return (latest = found)
    latest = readStretch(zone, epoch)
    stretches.splice(low, 0, latest)
    return latest
  }

  function resolve(local: number): Resolved {
    // No offset reaches a day: when nothing changes from a day before to a day after, there is one answer.
    const stretch = stretchAt(local - daySeconds)
    if (local + daySeconds < stretch.end) return { epoch: local - stretch.offset }
    return resolveNearChange(zone, local)
  }

  function dayStart(day: number): number {
    const local = day * daySeconds
    const stretch = stretchAt(local - daySeconds)
    if (local + daySeconds < stretch.end) return local - stretch.offset
    return Math.ceil(plainLocal(local).toPlainDate().toZonedDateTime(zone).epochMilliseconds / 1_000)
  }

  return {
    zone,
    resolve,
    dayStart,
    localAt: (epoch) => epoch + stretchAt(epoch).offset,
    changeAfter: (epoch) => stretchAt(epoch).end,
  }
}

function readStretch(zone: string, epoch: number): Stretch {
  const at = Temporal.Instant.fromEpochMilliseconds(epoch * 1_000).toZonedDateTimeISO(zone)
  // `previous` is strictly before, and a change at this very instant begins the stretch.
  const previous = at.add({ seconds: 1 }).getTimeZoneTransition('previous')
  const next = at.getTimeZoneTransition('next')
  return {
    start: previous ? previous.epochMilliseconds / 1_000 : -Infinity,
    end: next ? next.epochMilliseconds / 1_000 : Infinity,
    offset: at.offsetNanoseconds / 1e9,
  }
}

function resolveNearChange(zone: string, local: number): Resolved {
  const plain = plainLocal(local)
  const first = plain.toZonedDateTime(zone)
  const epoch = first.epochMilliseconds / 1_000
  if (!first.toPlainDateTime().equals(plain)) return { epoch, shift: 'gap' }
  const later = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  return later.epochMilliseconds === first.epochMilliseconds ? { epoch } : { epoch, shift: 'overlap' }
}

function plainLocal(local: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(local * 1_000)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
}
