import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDue, type Due } from './due.ts'
import { latestOccurrence, nextOccurrence, occurrences, type Occurrence } from './expand.ts'
import { weekdays, type Rule } from './rule.ts'
import { parseRule, parseSeries } from './rrule-parse.ts'
import { printRule, printSeries } from './rrule-print.ts'
import type { Series } from './series.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Apia',
  'America/Sao_Paulo',
]

const some = <T>(arb: fc.Arbitrary<T>, max = 3) => fc.uniqueArray(arb, { minLength: 1, maxLength: max })
const signed = (most: number) => fc.integer({ min: -most, max: most }).filter((number) => number !== 0)
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined, freq: 2 })
const day = fc.constantFrom(...weekdays)
const plainDays = some(fc.record({ day }), 4)
const countedDays = some(fc.oneof(fc.record({ day }), fc.record({ day, nth: signed(5) })), 3)
const skip = fc.constantFrom('OMIT', 'BACKWARD')

const shapes: fc.Arbitrary<object>[] = [
  fc.record({
    freq: fc.constant('DAILY'),
    byMonth: maybe(some(fc.integer({ min: 1, max: 12 }), 6)),
    byMonthDay: maybe(some(signed(31), 9)),
    byDay: maybe(plainDays),
  }),
  fc.record({
    freq: fc.constant('WEEKLY'),
    byMonth: maybe(some(fc.integer({ min: 1, max: 12 }), 6)),
    byDay: maybe(plainDays),
    weekStart: day,
  }),
  fc.record({
    freq: fc.constant('MONTHLY'),
    byMonth: maybe(some(fc.integer({ min: 1, max: 12 }), 6)),
    byMonthDay: maybe(some(signed(31))),
    byDay: maybe(countedDays),
  }),
  fc.record({
    freq: fc.constant('MONTHLY'),
    byMonthDay: maybe(some(fc.integer({ min: 25, max: 31 }))),
    skip,
  }),
  fc.record({
    freq: fc.constant('YEARLY'),
    byMonth: maybe(some(fc.integer({ min: 1, max: 12 }))),
    byMonthDay: maybe(some(signed(31))),
    byDay: maybe(countedDays),
  }),
  fc.record({
    freq: fc.constant('YEARLY'),
    byMonth: maybe(some(fc.integer({ min: 1, max: 12 }))),
    byMonthDay: maybe(some(fc.integer({ min: 28, max: 31 }))),
    skip,
  }),
  fc.record({
    freq: fc.constant('YEARLY'),
    byYearDay: some(signed(366), 9),
    byMonth: maybe(some(fc.integer({ min: 1, max: 12 }), 6)),
    byDay: maybe(plainDays),
  }),
  fc.record({ freq: fc.constant('YEARLY'), byWeekNo: some(signed(53), 5), byDay: maybe(plainDays) }),
]

const calendarRule: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.oneof(...shapes),
    fc.integer({ min: 1, max: 4 }),
    fc.option(some(signed(4), 2), { nil: undefined, freq: 3 }),
  )
  .map(([shape, interval, bySetPos]) => {
    const entries = Object.entries({ ...shape, interval }).filter(([, value]) => value !== undefined)
    const rule = Object.fromEntries(entries) as unknown as Rule
    const parted = entries.some(([name]) => name.startsWith('by'))
    return bySetPos && parted ? { ...rule, bySetPos } : rule
  })

/** Years on both sides of what is special: the first, leap years, centuries that are and are not, the last. */
const startDate = fc
  .tuple(fc.constantFrom(1970, 1972, 1999, 2024, 2026, 2099, 2190), fc.integer({ min: 1, max: 365 }))
  .map(([year, dayOfYear]) =>
    Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days: dayOfYear - 1 }),
  )

/** What `Temporal` says about a day, noted once because asking is slow. */
function factsOf(date: Temporal.PlainDate) {
  const { year, month, day, dayOfWeek, dayOfYear, daysInMonth, daysInYear, weekOfYear, yearOfWeek } = date
  const weeks = Temporal.PlainDate.from({ year: yearOfWeek!, month: 12, day: 28 }).weekOfYear!
  const count = Temporal.PlainDate.from('1970-01-01').until(date).days
  const text = date.toString()
  return {
    text,
    count,
    year,
    month,
    day,
    dayOfWeek,
    dayOfYear,
    daysInMonth,
    daysInYear,
    week: weekOfYear!,
    weeks,
  }
}
type Facts = ReturnType<typeof factsOf>

const years = new Map<number, Facts[]>()
function factsOfYear(year: number): Facts[] {
  const first = Temporal.PlainDate.from({ year, month: 1, day: 1 })
  const known =
    years.get(year) ?? Array.from({ length: first.daysInYear }, (_, days) => factsOf(first.add({ days })))
  years.set(year, known)
  return known
}

/** The same by looking at every day, with nothing but `Temporal`. */
function naive(start: Facts, rule: Rule, days: number): string[] {
  const weekday = weekdays.indexOf(rule.weekStart ?? 'MO')
  const periodOf = (date: Facts) => {
    if (rule.freq === 'YEARLY') return date.year
    if (rule.freq === 'MONTHLY') return date.year * 12 + date.month
    // 1970-01-01 was a Thursday.
    return rule.freq === 'WEEKLY' ? Math.floor((date.count + 3 - weekday) / 7) : date.count
  }
  const around = [-1, 0, 1, 2, 3, 4, 5].flatMap((offset) => factsOfYear(start.year + offset))
  const produced = around.filter(
    (date) => (periodOf(date) - periodOf(start)) % (rule.interval ?? 1) === 0 && matches(date, rule, start),
  )
  const kept = [...Map.groupBy(produced, periodOf).values()].flatMap((dates) =>
    dates.filter(
      (_, i) => !rule.bySetPos || rule.bySetPos.includes(i + 1) || rule.bySetPos.includes(i - dates.length),
    ),
  )
  return kept
    .filter(({ count }) => count >= start.count && count < start.count + days)
    .map(({ text }) => text)
}

const has = (list: readonly number[], value: number, length: number) =>
  list.includes(value) || list.includes(value - length - 1)

function matches(date: Facts, rule: Rule, start: Facts): boolean {
  const { freq, byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = rule
  const silent = !byMonthDay && !byDay && !byYearDay && !byWeekNo
  const monthDays =
    byMonthDay ?? ((freq === 'MONTHLY' || freq === 'YEARLY') && silent ? [start.day] : undefined)
  const months = byMonth ?? (freq === 'YEARLY' && silent ? [start.month] : undefined)
  const weekly = (freq === 'WEEKLY' && !byDay) || (byWeekNo && !byDay && !byMonthDay && !byYearDay)
  if (months && !months.includes(date.month)) return false
  if (weekly && date.dayOfWeek !== start.dayOfWeek) return false
  const clamped =
    rule.skip === 'BACKWARD' && date.day === date.daysInMonth && monthDays?.some((n) => n > date.day)
  if (monthDays && !has(monthDays, date.day, date.daysInMonth) && !clamped) return false
  if (byYearDay && !has(byYearDay, date.dayOfYear, date.daysInYear)) return false
  if (byWeekNo && !has(byWeekNo, date.week, date.weeks)) return false
  const inYear = freq === 'YEARLY' && !byMonth
  const [place, length] = inYear ? [date.dayOfYear, date.daysInYear] : [date.day, date.daysInMonth]
  return (
    !byDay ||
    byDay.some(({ day, nth }) => {
      if (weekdays[date.dayOfWeek - 1] !== day) return false
      return nth === undefined || nth === Math.ceil(place / 7) || -nth === Math.ceil((length - place + 1) / 7)
    })
  )
}

/** `toEqual` takes any two `Temporal` objects for equal, so they are compared as text. */
const textOf = (occurrence: Occurrence | undefined) => JSON.stringify(occurrence)

const keysOf = (found: Iterable<Occurrence>) => [...found].map((occurrence) => occurrence.key)

describe('dates', () => {
  test('are those that a look at every single day finds', () => {
    const same = fc.property(startDate, calendarRule, (start, rule) => {
      const series: Series = { start: { kind: 'date', date: start }, rule }
      const found = keysOf(occurrences(series, { userZone: 'UTC', before: start.add({ days: 1_500 }) }))
      expect(found).toEqual(naive(factsOf(start), rule, 1_500))
    })
    fc.assert(same, { numRuns: 400 })
  })

  test('do not drift: what a window late in the series shows is what a walk from the start comes to', () => {
    const same = fc.property(calendarRule, fc.integer({ min: 1990, max: 2195 }), (rule, year) => {
      const series: Series = { start: parseDue('1970-01-31'), rule }
      const window = Temporal.PlainDate.from({ year, month: 5, day: 17 })
      const walked = keysOf(occurrences(series, { userZone: 'UTC', before: window.add({ years: 2 }) }))
      const asked = keysOf(
        occurrences(series, { userZone: 'UTC', from: window, before: window.add({ years: 2 }) }),
      )
      expect(asked).toEqual(walked.filter((key) => key >= window.toString()))
    })
    fc.assert(same, { numRuns: 40 })
  })
})

/** The day before a clock change, in its zone: random dates would hardly ever meet one. */
const changes = [
  ['Europe/Berlin', '2026-03-28'],
  ['Europe/Berlin', '2026-10-24'],
  ['America/New_York', '2026-03-07'],
  ['Australia/Lord_Howe', '2026-10-03'],
  ['Africa/Cairo', '2026-04-23'],
  ['Pacific/Apia', '2011-12-29'],
  ['America/Sao_Paulo', '2018-11-03'],
] as const

const times = fc.constantFrom('00:00:00', '00:30:00', '02:15:00', '02:30:00', '23:59:59')
const ownZone = fc.tuple(startDate, fc.constantFrom(...zones, ''), calendarRule)
const nearChange = fc
  .tuple(
    fc.constantFrom(...changes),
    fc.integer({ min: 0, max: 9 }),
    some(fc.integer({ min: 0, max: 59 }), 2),
  )
  .map(([[zone, date], days, byMinute]): [Temporal.PlainDate, string, Rule] => {
    return [Temporal.PlainDate.from(date).subtract({ days }), zone, { freq: 'DAILY', byMinute }]
  })

const timed: fc.Arbitrary<Series> = fc
  .tuple(
    fc.oneof(ownZone, nearChange),
    times,
    maybe(some(fc.integer({ min: 0, max: 4 }), 4)),
    maybe(fc.integer({ min: 1, max: 400 })),
  )
  .map(([[date, zone, rule], time, byHour, count]) => {
    const local = Temporal.PlainDateTime.from(`${date.toString()}T${time}`)
    const start: Due = zone === '' ? { kind: 'floating', local } : { kind: 'zoned', local, zone }
    return { start, rule: { ...rule, ...(byHour && { byHour }), ...(count && { count }) } }
  })

const elapsed: fc.Arbitrary<Series> = fc
  .tuple(
    startDate,
    fc.constantFrom<'HOURLY' | 'MINUTELY'>('HOURLY', 'MINUTELY'),
    fc.integer({ min: 1, max: 400 }),
    fc.constantFrom(...zones),
    maybe(some(fc.integer({ min: 0, max: 23 }), 5)),
    maybe(some(fc.integer({ min: 0, max: 59 }), 5)),
    maybe(fc.integer({ min: 1, max: 60 })),
  )
  .map(([date, freq, interval, zone, byHour, byMinute, count]) => ({
    start: { kind: 'zoned', local: Temporal.PlainDateTime.from(`${date.toString()}T01:30`), zone },
    rule: {
      freq,
      interval,
      ...(byHour && { byHour }),
      ...(byMinute && { byMinute }),
      ...(count && { count }),
    },
  }))

describe('instants', () => {
  test('are those steps of exact length whose local time passes', () => {
    const hours = maybe(some(fc.integer({ min: 0, max: 23 }), 12))
    const minutes = maybe(some(fc.integer({ min: 0, max: 59 }), 30))
    const freq = fc.constantFrom<'HOURLY' | 'MINUTELY'>('HOURLY', 'MINUTELY')
    const near = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: 0, max: 3 }))
    const same = fc.property(
      near,
      freq,
      fc.integer({ min: 1, max: 40 }),
      hours,
      minutes,
      (change, freq, interval, byHour, byMinute) => {
        const [[zone, day], back] = change
        const local = Temporal.PlainDateTime.from(`${day}T01:30`).subtract({ days: back })
        const limits = { ...(byHour && { byHour }), ...(byMinute && freq === 'MINUTELY' && { byMinute }) }
        const first = local.toZonedDateTime(zone)
        const steps = Array.from({ length: 400 }, (_, index) =>
          first.add(freq === 'HOURLY' ? { hours: index * interval } : { minutes: index * interval }),
        )
        const expected = steps.filter(
          (step) =>
            (!byHour || byHour.includes(step.hour)) &&
            (!limits.byMinute || limits.byMinute.includes(step.minute)),
        )
        const series: Series = { start: { kind: 'zoned', local, zone }, rule: { freq, interval, ...limits } }
        const before = steps.at(-1)!.add({ seconds: 1 }).toInstant()
        const found = keysOf(occurrences(series, { userZone: 'UTC', before }))
        expect(found).toEqual(expected.map((step) => step.toInstant().toString()))
      },
    )
    fc.assert(same, { numRuns: 200 })
  })
})

describe.each([
  ['days and more', timed],
  ['hours and minutes', elapsed],
])('in %s', (_, arb) => {
  test('occurrences are sorted, unique and inside the window', () => {
    const holds = fc.property(
      arb,
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 900 }),
      (series, userZone, days) => {
        const from = firstDay(series).add({ days }).toZonedDateTime('UTC').toInstant()
        const before = from.add({ hours: 24 * 60 })
        const found = occurrences(series, { userZone, from, before }).take(300).toArray()
        const times = found.map((occurrence) => occurrence.at.epochMilliseconds)
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
        expect(new Set(found.map((occurrence) => occurrence.key)).size).toBe(found.length)
        for (const time of times)
          expect(time >= from.epochMilliseconds && time < before.epochMilliseconds).toBe(true)
      },
    )
    fc.assert(holds, { numRuns: 150 })
  })

  test('the search goes on from any occurrence with the same result', () => {
    const holds = fc.property(
      arb,
      fc.constantFrom(...zones),
      fc.nat({ max: 39 }),
      (series, userZone, place) => {
        const found = occurrences(series, { userZone }).take(40).toArray()
        const from = found[place % (found.length || 1)]
        if (!from) return
        const rest = found.slice(found.indexOf(from) + 1).map(textOf)
        const after = occurrences(series, { userZone, after: from.key }).take(rest.length)
        expect(after.map(textOf).toArray()).toEqual(rest)
        if (rest[0]) expect(textOf(nextOccurrence({ ...series }, from.key, userZone))).toEqual(rest[0])
        expect(textOf(occurrences({ ...series }, { userZone, from: from.at }).next().value)).toEqual(
          textOf(from),
        )
        expect(textOf(latestOccurrence(series, from.at, userZone))).toEqual(textOf(from))
      },
    )
    fc.assert(holds, { numRuns: 150 })
  })

  test('printing and reading again gives the same series', () => {
    const holds = fc.property(arb, (series) => {
      const rule = printRule(series.rule!)
      expect(printRule(parseRule(rule))).toBe(rule)
      const text = printSeries(series)
      expect(printSeries(parseSeries(text))).toBe(text)
      const [own, read] = [series, parseSeries(text)].map((each) =>
        occurrences(each, { userZone: 'Africa/Cairo' }).take(20),
      )
      expect(keysOf(read!)).toEqual(keysOf(own!))
    })
    fc.assert(holds, { numRuns: 150 })
  })
})

function firstDay(series: Series): Temporal.PlainDate {
  if (series.start.kind === 'date') return series.start.date
  if (series.start.kind === 'instant') return series.start.instant.toZonedDateTimeISO('UTC').toPlainDate()
  return series.start.local.toPlainDate()
}
