/** What completing an occurrence does to its series: which one it consumes, which were missed, what comes next. */
import { datesMax, localOf } from './check.ts'
import { daySeconds, localText, modulo } from './civil.ts'
import { knownZone, type Due } from './due.ts'
import { latestOccurrence, nextOccurrence, occurrences, type Occurrence } from './expand.ts'
import type { Rule } from './rule.ts'
import { planOf, type Series } from './series.ts'

export type Completion = {
  /** The key of the occurrence that counts as done. */
  consumed: string
  /** The keys that passed undone before it, oldest first, at most 1,000. */
  missed: string[]
  next?: Occurrence
}

/**
 * Completes the open occurrence by the plan. Early it consumes itself; on time or late it consumes the latest one that is
 * due, so that the next lies in the future, and those between are missed. A date is due on its day, not at its end.
 */
export function completeByPlan(
  series: Series,
  openKey: string,
  completedAt: Temporal.Instant,
  userZone: string,
): Completion {
  const current = latestDue(series, completedAt, userZone)
  const missed: string[] = []
  let consumed = openKey
  if (current) {
    const before = current.at.add({ nanoseconds: 1 })
    for (const { key } of occurrences(series, { after: openKey, before, userZone })) {
      missed.push(consumed)
      consumed = missed.length < datesMax ? key : current.key
      if (missed.length === datesMax) break
    }
  }
  const next = nextOccurrence(series, consumed, userZone)
  return next ? { consumed, missed, next } : { consumed, missed }
}

function latestDue(series: Series, at: Temporal.Instant, userZone: string): Occurrence | undefined {
  if (series.start.kind !== 'date') return latestOccurrence(series, at, userZone)
  const today = at.toZonedDateTimeISO(knownZone(userZone))
  return latestOccurrence(series, today.add({ days: 1 }).startOfDay().toInstant(), userZone)
}

/**
 * The next occurrence counted from when it was done, without memory of the plan: 10 September plus a month is 10 October.
 * A rule with weekdays or days of its own takes the first of them strictly after that day, less one interval. Hours and
 * minutes count from the instant. `done` is how many are done already, for a rule with COUNT. Nothing when it has ended.
 */
export function nextAfterCompletion(
  series: Series,
  completedAt: Temporal.Instant,
  userZone: string,
  done = 0,
): Occurrence | undefined {
  const { rule } = series
  if (!rule || (rule.count !== undefined && done >= rule.count)) return undefined
  const zone = planOf(series).zone ?? knownZone(userZone)
  const { count: _count, ...endless } = rule
  if (rule.freq === 'HOURLY' || rule.freq === 'MINUTELY')
    return nextElapsed(series, endless, completedAt, zone)
  const interval = rule.interval ?? 1
  const day = completedAt.toZonedDateTimeISO(zone).toPlainDate()
  const named = [rule.byMonth, rule.byWeekNo, rule.byYearDay, rule.byMonthDay, rule.byDay].some(Boolean)
  // `add` clamps to the end of a month, and nothing remembers the day that was meant: that is what is wanted here.
  const from = day.add(stepOf(rule, named ? interval - 1 : interval))
  const start = startOn(series, from, zone)
  const { freq: _freq, interval: _interval, skip: _skip, ...rest } = endless
  const single: Rule = named ? { ...endless, interval: 1 } : { ...rest, freq: 'DAILY' }
  const { rdates: _rdates, ...base } = series
  const found = occurrences(
    { ...base, start, rule: single },
    { userZone, ...(named && { after: from.toString() }) },
  )
  return found.next().value
}

function stepOf({ freq }: Rule, interval: number): Temporal.DurationLike {
  if (freq === 'DAILY') return { days: interval }
  if (freq === 'WEEKLY') return { weeks: interval }
  return freq === 'MONTHLY' ? { months: interval } : { years: interval }
}

/** The start moved to a day, in the same form and at the same time of day. */
function startOn(series: Series, date: Temporal.PlainDate, zone: string): Due {
  const { start } = series
  if (start.kind === 'date') return { kind: 'date', date }
  if (start.kind !== 'instant') return { ...start, local: date.toPlainDateTime(start.local.toPlainTime()) }
  const plan = planOf(series)
  const local = localOf(date.toPlainDateTime()) + modulo(plan.start, daySeconds)
  return {
    kind: 'instant',
    instant: Temporal.PlainDateTime.from(localText(local)).toZonedDateTime(zone).toInstant(),
  }
}

function nextElapsed(
  series: Series,
  rule: Rule,
  completedAt: Temporal.Instant,
  zone: string,
): Occurrence | undefined {
  const unit = rule.freq === 'HOURLY' ? 'hours' : 'minutes'
  const instant = completedAt
    .round({ smallestUnit: 'second', roundingMode: 'floor' })
    .add({ [unit]: rule.interval ?? 1 })
  // As an instant, because a local time is ambiguous in the hour that comes twice.
  const fromThen: Series = { start: { kind: 'instant', instant }, zone, rule: { ...rule, interval: 1 } }
  if (series.exdates) fromThen.exdates = series.exdates
  const found = occurrences(fromThen, { userZone: zone }).next().value
  if (!found || series.start.kind === 'instant' || series.start.kind === 'date') return found
  const local = found.at.toZonedDateTimeISO(zone).toPlainDateTime()
  const { key, at, atMs, note } = found
  const noteIn: Occurrence['noteIn'] = (language) => found.noteIn(language)
  return { key, at, atMs, note, noteIn, due: { ...series.start, local } }
}
