import { describe, expect, test } from 'vitest'
import { processorMs } from '../testing/processor.ts'
import { parseDue } from './due.ts'
import { latestOccurrence, nextOccurrence, occurrences } from './expand.ts'
import { parseRule, parseSeries } from './rrule-parse.ts'
import { portableRule, printRule, printSeries } from './rrule-print.ts'
import { parseSimple } from './simple.ts'

const list = (text: string, count = 6) =>
  occurrences(parseSeries(text), { userZone: 'UTC' })
    .take(count)
    .map((occurrence) => occurrence.key)
    .toArray()

describe('exceptions and additions', () => {
  test('an exception is left out and still counted', () => {
    const series = parseSeries('DTSTART:20250101T090000\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20250102T090000')
    const found = occurrences(series, { userZone: 'UTC' }).map(
      ({ key, index }) => `${index} ${key.slice(8, 10)}`,
    )
    expect(found.toArray()).toEqual(['1 01', '3 03', '4 04'])
  })

  test('an exception may be a day, a time of another zone or an instant', () => {
    const start = 'DTSTART;TZID=Europe/Berlin:20250101T090000\nRRULE:FREQ=DAILY;COUNT=4'
    expect(list(`${start}\nEXDATE;VALUE=DATE:20250102`)).toHaveLength(3)
    expect(list(`${start}\nEXDATE:20250102T080000Z`)).toHaveLength(3)
    expect(list(`${start}\nEXDATE;TZID=Asia/Tokyo:20250102T170000`)).toHaveLength(3)
    expect(list(`${start}\nEXDATE:20250102T081500Z`)).toHaveLength(4)
  })

  test('an added date takes its place, once, and does not count', () => {
    const text =
      'DTSTART:20250101T090000\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=3\nRDATE:20250102T120000,20250103T090000,20250102T120000'
    expect(list(text)).toEqual([
      '2025-01-01T09:00:00',
      '2025-01-02T12:00:00',
      '2025-01-03T09:00:00',
      '2025-01-05T09:00:00',
    ])
  })

  test('without a rule the series is its start and the added dates', () => {
    expect(list('DTSTART;VALUE=DATE:20250101\nRDATE;VALUE=DATE:20250301,20250201')).toEqual([
      '2025-01-01',
      '2025-02-01',
      '2025-03-01',
    ])
  })

  test('an exception of an hourly rule is one instant', () => {
    const text =
      'DTSTART;TZID=Europe/Berlin:20261025T010000\nRRULE:FREQ=HOURLY;COUNT=3\nEXDATE:20261025T010000Z'
    expect(list(text)).toEqual(['2026-10-24T23:00:00Z', '2026-10-25T00:00:00Z'])
  })
})

describe('any point of an old series', () => {
  const old = () => parseSeries('DTSTART:19700119T090000\nRRULE:FREQ=MONTHLY;BYDAY=3MO')

  test('a rule of 1970 asked for 2200 answers in under a millisecond', () => {
    const series = old()
    expect(nextOccurrence(series, '2200-01-01', 'UTC')?.key).toBe('2200-01-20T09:00:00')
    const find = () => nextOccurrence(series, '2200-01-01', 'UTC')
    expect(Math.min(...Array.from({ length: 30 }, () => processorMs(find)))).toBeLessThan(1)
  })

  test('a counted rule knows which one it is', () => {
    const at = (text: string, after: string) => nextOccurrence(parseSeries(text), after, 'UTC')?.index
    expect(at('DTSTART;VALUE=DATE:19700101\nRRULE:FREQ=DAILY;COUNT=100000', '2026-11-24')).toBe(20_783)
    expect(at('DTSTART;VALUE=DATE:19700105\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=100000', '2026-11-24')).toBe(
      5_938,
    )
    expect(at('DTSTART:19700131T090000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=900', '2026-11-24')).toBe(399)
    expect(at('DTSTART:20260101T000000\nRRULE:FREQ=MINUTELY;INTERVAL=30;COUNT=100000', '2026-01-02')).toBe(97)
    expect(
      at('DTSTART:20260105T000000\nRRULE:FREQ=HOURLY;BYDAY=MO,TU,WE,TH,FR;COUNT=30000', '2030-01-07'),
    ).toBe(25_105)
  })

  test('an hour of the first day finds its place again, though in UTC it is of the year before', () => {
    const series = parseSeries('DTSTART;TZID=Australia/Lord_Howe:19700101T013000\nRRULE:FREQ=HOURLY')
    const [first, second] = occurrences(series, { userZone: 'UTC' }).take(2)
    expect(first!.key).toBe('1969-12-31T15:30:00Z')
    expect(nextOccurrence(series, first!.key, 'UTC')?.key).toBe(second!.key)
  })

  test('the series ends with the year 2200', () => {
    expect(nextOccurrence(old(), '2200-12-15T09:00:00', 'UTC')).toBeUndefined()
  })

  test('the latest occurrence is found from the far end', () => {
    const at = (text: string) => latestOccurrence(old(), Temporal.Instant.from(text), 'UTC')?.key
    expect(at('2190-03-15T09:00:00Z')).toBe('2190-03-15T09:00:00')
    expect(at('2190-03-15T08:59:59Z')).toBe('2190-02-15T09:00:00')
    expect(at('1970-01-19T08:59:59Z')).toBeUndefined()
  })
})

describe('what never drifts or vanishes', () => {
  test('every three months from 29 November clamps in February', () => {
    const text = 'DTSTART;VALUE=DATE:20251129\nRRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD'
    expect(list(text, 4)).toEqual(['2025-11-29', '2026-02-28', '2026-05-29', '2026-08-29'])
  })

  test('an imported rule for the 31st stays strict', () => {
    expect(list('DTSTART;VALUE=DATE:20250131\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31', 3)).toEqual([
      '2025-01-31',
      '2025-03-31',
      '2025-05-31',
    ])
  })

  test('the fifth Monday is left out where there is none', () => {
    expect(list('DTSTART;VALUE=DATE:20250331\nRRULE:FREQ=MONTHLY;BYDAY=5MO', 3)).toEqual([
      '2025-03-31',
      '2025-06-30',
      '2025-09-29',
    ])
  })

  test('a day that moves forward onto one that is planned is there once', () => {
    const text =
      'DTSTART;VALUE=DATE:20250101\nRRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD'
    expect(list(text, 6)).toEqual([
      '2025-01-01',
      '2025-01-31',
      '2025-02-01',
      '2025-03-01',
      '2025-03-31',
      '2025-04-01',
    ])
  })

  test('a day that moved forward into another month is found from that month', () => {
    const series = parseSeries(
      'DTSTART;VALUE=DATE:20250131\nRRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD',
    )
    const from = Temporal.PlainDate.from('2025-03-01')
    expect(occurrences(series, { userZone: 'UTC', from }).next().value?.key).toBe('2025-03-01')
  })

  test('four hundred years of leap days, as far as the years go', () => {
    const leap = occurrences(
      { start: parseDue('1972-02-29'), rule: { freq: 'YEARLY' } },
      { userZone: 'UTC' },
    ).toArray()
    expect(leap).toHaveLength(56)
    expect(leap.some(({ key }) => key.startsWith('2100') || key.startsWith('2200'))).toBe(false)
  })

  test('a key with a fraction of a second finds its place again', () => {
    const series = parseSimple({ recurrence_type: 'daily', start_date: '2025-01-01T09:00:00.25Z' })
    const second = nextOccurrence(series, '2025-01-01T09:00:00.25', 'UTC')!
    expect([second.key, second.at.toString()]).toEqual(['2025-01-02T09:00:00.25', '2025-01-02T09:00:00.25Z'])
    expect(second.atMs).toBe(second.at.epochMilliseconds)
    expect(occurrences(series, { userZone: 'UTC', from: second.at }).next().value?.key).toBe(second.key)
  })
})

describe('text for others', () => {
  test.each([
    ['2025-01-31', 'monthly', 'FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1'],
    ['2025-01-29', 'monthly', 'FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1'],
    ['2025-01-15', 'monthly', 'FREQ=MONTHLY'],
    ['2024-02-29', 'yearly', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1'],
    ['2024-03-31', 'yearly', 'FREQ=YEARLY'],
  ] as const)(
    '%s %s is exported without SKIP and gives the same dates',
    (start_date, recurrence_type, expected) => {
      const series = parseSimple({ recurrence_type, start_date })
      const portable = portableRule(series)!
      expect(printRule(portable)).toBe(expected)
      const [own, others] = [series, { ...series, rule: portable }].map((each) =>
        occurrences(each, { userZone: 'UTC' })
          .take(60)
          .map(({ key }) => key)
          .toArray(),
      )
      expect(others).toEqual(own)
    },
  )

  test('a clamped rule of several days has no such form and says so', () => {
    const rule = parseRule('RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=15,31;SKIP=BACKWARD')
    expect(() => portableRule({ start: parseDue('2025-01-15'), rule })).toThrow(
      expect.objectContaining({ part: 'SKIP', code: 'unsupported' }),
    )
  })

  test('UNTIL is written in UTC beside a zone and as a date beside a date', () => {
    const text = (start_date: string) =>
      printSeries(parseSimple({ recurrence_type: 'daily', start_date, end_date: '2025-03-01' }))
    expect(text('2025-01-01T09:00[Europe/Berlin]')).toBe(
      'DTSTART;TZID=Europe/Berlin:20250101T090000\r\nRRULE:FREQ=DAILY;UNTIL=20250301T225959Z',
    )
    expect(text('2025-01-01')).toBe('DTSTART;VALUE=DATE:20250101\r\nRRULE:FREQ=DAILY;UNTIL=20250301')
    expect(text('2025-01-01T09:00')).toBe('DTSTART:20250101T090000\r\nRRULE:FREQ=DAILY;UNTIL=20250301T235959')
  })

  test('an end beyond the last year means the last year', () => {
    expect(parseRule('FREQ=DAILY;UNTIL=99991231T235959Z').until).toBe('2200-12-31T23:59:59Z')
  })

  test('second 60 is 59 for who knows no leap seconds', () => {
    expect(parseRule('FREQ=MINUTELY;BYSECOND=60').bySecond).toEqual([59])
  })
})
