/** A series as plain data, and the plan that the engine works from. */
import { civil, dayNumber, daySeconds, modulo, weekday } from './civil.ts'
import { checkRule, datesMax, localOf, parsePoint, type Point } from './check.ts'
import { knownZone, yearMax, type Due } from './due.ts'
import { RecurrenceError } from './error.ts'
import { weekdays, type Frequency, type Rule, type Skip } from './rule.ts'
import { zoneClock } from './zone.ts'

/** Never changed in place: the engine remembers what it has worked out for a series. */
export type Series = {
  /** The anchor. Its form is the form of every occurrence. */
  start: Due
  /** Without a rule the series is the start and the `rdates`. */
  rule?: Rule
  /** For an instant as start: the zone whose calendar and clock the rule follows. UTC without it. */
  zone?: string
  /** Keys that are left out; a date leaves out its whole day. */
  exdates?: readonly string[]
  /** Keys that are added. */
  rdates?: readonly string[]
}

/** A series with every default of RFC 5545 filled in from its start. */
export type Plan = {
  kind: Due['kind']
  /** The zone of the rule; without one it is the user's. */
  zone: string | undefined
  start: number
  /** Of an instant as start; local forms have one only in a zone. */
  startEpoch: number | undefined
  /** What a start has beyond whole seconds, in nanoseconds; every occurrence has it too. */
  fractionNs: number
  freq: Frequency | undefined
  interval: number
  count: number | undefined
  until: Point | undefined
  months: number
  weekNos: readonly number[] | undefined
  yearDays: readonly number[] | undefined
  monthDays: readonly number[] | undefined
  /** Weekdays without a number, as bits. */
  weekdays: number
  nths: readonly { weekday: number; nth: number }[]
  hours: readonly number[] | undefined
  minutes: readonly number[] | undefined
  seconds: readonly number[] | undefined
  /** Seconds of the day, for rules that count in days or more. */
  times: readonly number[]
  setPos: readonly number[] | undefined
  weekStart: number
  skip: Skip
  exclude: Point[]
  include: Point[]
}

export const lastDay = dayNumber(yearMax, 12, 31)

const plans = new WeakMap<Series, Plan>()

/** The plan of a series, made once. Throws a `RecurrenceError` for a rule that is not allowed. */
export function planOf(series: Series): Plan {
  const known = plans.get(series)
  if (known) return known
  const plan = makePlan(series)
  plans.set(series, plan)
  return plan
}

function makePlan(series: Series): Plan {
  const { rule, start } = series
  if (rule !== undefined) checkRule(rule)
  const zone =
    start.kind === 'zoned'
      ? knownZone(start.zone)
      : start.kind === 'instant'
        ? knownZone(series.zone ?? 'UTC')
        : undefined
  const { local, epoch, fractionNs } = localStart(start, zone)
  if (rule && start.kind === 'date') refuseTimes(rule)
  const day = Math.floor(local / daySeconds)
  const implied = impliedParts(rule, day)
  const plan: Plan = {
    kind: start.kind,
    zone,
    start: local,
    startEpoch: epoch,
    fractionNs,
    freq: rule?.freq,
    interval: rule?.interval ?? 1,
    count: rule?.count,
    until: rule?.until === undefined ? undefined : parsePoint(rule.until, 'UNTIL'),
    months: implied.months.reduce((bits, month) => bits | (1 << month), 0),
    weekNos: rule?.byWeekNo,
    yearDays: rule?.byYearDay,
    monthDays: implied.monthDays,
    weekdays: implied.weekdays,
    nths: (rule?.byDay ?? []).flatMap(({ day, nth }) =>
      nth === undefined ? [] : [{ weekday: weekdays.indexOf(day), nth }],
    ),
    hours: ascending(rule?.byHour),
    minutes: ascending(rule?.byMinute),
    seconds: ascending(rule?.bySecond),
    times: [],
    setPos: rule?.bySetPos,
    weekStart: weekdays.indexOf(rule?.weekStart ?? 'MO'),
    skip: rule?.skip ?? 'OMIT',
    exclude: points(series.exdates, 'EXDATE'),
    include: points(series.rdates, 'RDATE'),
  }
  return { ...plan, times: timesOf(plan) }
}

function localStart(start: Due, zone: string | undefined) {
  if (start.kind === 'date') {
    return { local: localOf(start.date.toPlainDateTime()), epoch: undefined, fractionNs: 0 }
  }
  if (start.kind !== 'instant') {
    const { millisecond, microsecond, nanosecond } = start.local
    const fractionNs = millisecond * 1e6 + microsecond * 1e3 + nanosecond
    return { local: localOf(start.local), epoch: undefined, fractionNs }
  }
  const epoch = Math.floor(start.instant.epochMilliseconds / 1_000)
  const fractionNs = Number(start.instant.epochNanoseconds - BigInt(epoch) * 1_000_000_000n)
  return { local: zoneClock(zone ?? 'UTC').localAt(epoch), epoch, fractionNs }
}

/** What the start says where the rule is silent: RFC 5545, "Information, not contained in the rule, is taken from DTSTART". */
function impliedParts(rule: Rule | undefined, startDay: number) {
  const { month, day } = civil(startDay)
  let months = rule?.byMonth ?? []
  let monthDays = rule?.byMonthDay
  let bits = (rule?.byDay ?? []).reduce(
    (all, item) => (item.nth === undefined ? all | (1 << weekdays.indexOf(item.day)) : all),
    0,
  )
  if (rule?.freq === 'WEEKLY' && !rule.byDay) bits = 1 << weekday(startDay)
  if (rule?.freq === 'MONTHLY' && !rule.byMonthDay && !rule.byDay) monthDays = [day]
  if (rule?.freq === 'YEARLY' && !rule.byMonthDay && !rule.byDay && !rule.byYearDay) {
    if (rule.byWeekNo) bits = 1 << weekday(startDay)
    else {
      monthDays = [day]
      if (!rule.byMonth) months = [month]
    }
  }
  return { months, monthDays, weekdays: bits }
}

function timesOf(plan: Plan): number[] {
  if (plan.kind === 'date') return [0]
  const second = modulo(plan.start, daySeconds)
  const hours = plan.hours ?? [Math.floor(second / 3_600)]
  const minutes = plan.minutes ?? [Math.floor(second / 60) % 60]
  const seconds = plan.seconds ?? [second % 60]
  return hours.flatMap((h) => minutes.flatMap((m) => seconds.map((s) => h * 3_600 + m * 60 + s)))
}

function refuseTimes(rule: Rule): void {
  const part = rule.byHour ? 'BYHOUR' : rule.byMinute ? 'BYMINUTE' : rule.bySecond ? 'BYSECOND' : undefined
  const sub = rule.freq === 'HOURLY' || rule.freq === 'MINUTELY' ? 'FREQ' : part
  if (sub === undefined) return
  throw new RecurrenceError(
    'contradiction',
    sub,
    'The start is a date without a time of day. Give it a time, or use days.',
  )
}

function points(texts: readonly string[] | undefined, part: string): Point[] {
  if (texts === undefined) return []
  if (!Array.isArray(texts)) throw new RecurrenceError('malformed', part, 'Give a list of dates.')
  if (texts.length > datesMax) throw new RecurrenceError('too_large', part, `Use at most ${datesMax} dates.`)
  return texts.map((text: string) => parsePoint(text, part))
}

function ascending(values: readonly number[] | undefined): number[] | undefined {
  return values && [...new Set(values)].toSorted((a, b) => a - b)
}
