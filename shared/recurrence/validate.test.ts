import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { processorMs } from '../testing/processor.ts'
import { parseDue } from './due.ts'
import { RecurrenceError } from './error.ts'
import { nextOccurrence } from './expand.ts'
import { parseRule, parseSeries } from './rrule-parse.ts'
import type { Rule } from './rule.ts'
import { checkSeries } from './validate.ts'

const check = (rule: string, start = 'DTSTART:20250131T090000') =>
  checkSeries(parseSeries(`${start}\nRRULE:${rule}`), 'UTC')
const refusal = (part: string, code: string) =>
  expect.objectContaining({ constructor: RecurrenceError, part, code })

describe('a rule that RFC 5545 does not allow is refused and its part is named', () => {
  test.each([
    ['FREQ=SECONDLY', 'FREQ', 'unsupported'],
    ['FREQ=FORTNIGHTLY', 'FREQ', 'malformed'],
    ['INTERVAL=2', 'FREQ', 'malformed'],
    ['', 'RRULE', 'malformed'],
    ['FREQ=DAILY;', 'RRULE', 'malformed'],
    ['FREQ=DAILY;FREQ=DAILY', 'FREQ', 'contradiction'],
    ['FREQ=DAILY;BYFULLMOON=1', 'BYFULLMOON', 'malformed'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20260101T000000', 'COUNT', 'contradiction'],
    ['FREQ=DAILY;COUNT=0', 'COUNT', 'malformed'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL', 'malformed'],
    ['FREQ=DAILY;INTERVAL=-1', 'INTERVAL', 'malformed'],
    ['FREQ=DAILY;INTERVAL=1001', 'INTERVAL', 'too_large'],
    ['FREQ=DAILY;UNTIL=20250230', 'UNTIL', 'no_such_date'],
    ['FREQ=DAILY;UNTIL=20250131T096000', 'UNTIL', 'no_such_date'],
    ['FREQ=DAILY;UNTIL=20250131T240000Z', 'UNTIL', 'no_such_date'],
    ['FREQ=DAILY;UNTIL=soon', 'UNTIL', 'malformed'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY', 'malformed'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'BYMONTHDAY', 'malformed'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY', 'contradiction'],
    ['FREQ=MONTHLY;BYWEEKNO=1', 'BYWEEKNO', 'contradiction'],
    ['FREQ=MONTHLY;BYYEARDAY=1', 'BYYEARDAY', 'contradiction'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY', 'contradiction'],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO', 'BYDAY', 'contradiction'],
    ['FREQ=MONTHLY;BYDAY=54MO', 'BYDAY', 'malformed'],
    ['FREQ=WEEKLY;BYDAY=MON', 'BYDAY', 'malformed'],
    ['FREQ=DAILY;BYHOUR=24', 'BYHOUR', 'malformed'],
    ['FREQ=DAILY;BYSETPOS=1', 'BYSETPOS', 'contradiction'],
    ['FREQ=DAILY;WKST=XX', 'WKST', 'malformed'],
    ['RSCALE=CHINESE;FREQ=YEARLY', 'RSCALE', 'unsupported'],
    ['FREQ=MONTHLY;SKIP=BACKWARD', 'SKIP', 'contradiction'],
    ['RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=SIDEWAYS', 'SKIP', 'malformed'],
    [`FREQ=DAILY;BYHOUR=${'1,'.repeat(1_000)}1`, 'RRULE', 'too_large'],
  ])('%s', (rule, part, code) => expect(() => parseRule(rule)).toThrow(refusal(part, code)))
})

describe('a series that cannot be meant is refused with a proposal', () => {
  test.each([
    ['30 February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'BYMONTH', 'never'],
    ['a sixth weekday of a month', 'FREQ=MONTHLY;BYDAY=6MO', 'BYDAY', 'never'],
    ['the second Monday of a week', 'FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2', 'BYSETPOS', 'never'],
    ['an odd minute in steps of two', 'FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1', 'BYMINUTE', 'never'],
    ['an end before the start', 'FREQ=DAILY;UNTIL=20250130T000000', 'UNTIL', 'never'],
    ['a start that the rule does not produce', 'FREQ=WEEKLY;BYDAY=MO', 'start_date', 'contradiction'],
  ])('%s', (_, rule, part, code) => expect(() => check(rule)).toThrow(refusal(part, code)))

  test('the proposal is the first date of the rule', () => {
    expect(() => check('FREQ=WEEKLY;BYDAY=MO')).toThrow('Begin with 2025-02-03T09:00:00.')
  })

  test('hours with a date are refused', () => {
    expect(() => check('FREQ=HOURLY', 'DTSTART;VALUE=DATE:20250131')).toThrow(
      refusal('FREQ', 'contradiction'),
    )
    expect(() => check('FREQ=DAILY;BYHOUR=9', 'DTSTART;VALUE=DATE:20250131')).toThrow(
      refusal('BYHOUR', 'contradiction'),
    )
  })

  test('more than a thousand dates are refused', () => {
    const dates = Array.from({ length: 1_001 }, () => '20250101T090000').join(',')
    expect(() => parseSeries(`DTSTART:20250101T090000\nRDATE:${dates}`)).toThrow(
      refusal('RDATE', 'too_large'),
    )
  })

  test('what can be meant is accepted', () => {
    expect(() => check('FREQ=MONTHLY;BYMONTHDAY=31')).not.toThrow()
    expect(() => check('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', 'DTSTART:20240229T090000')).not.toThrow()
  })

  test('a start that an exception takes out need not fit', () => {
    expect(() =>
      check('FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', 'DTSTART:19970902T090000\nEXDATE:19970902T090000'),
    ).not.toThrow()
  })
})

describe('lines that are wrong are refused and named', () => {
  test.each([
    ['RRULE:FREQ=DAILY', 'DTSTART', 'malformed'],
    ['DTSTART:20250101\nDTSTART:20250102', 'DTSTART', 'contradiction'],
    ['DTSTART:20250101\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY', 'RRULE', 'unsupported'],
    ['DTSTART;TZID=Mars/Olympus:20250101T090000', 'TZID', 'unknown_zone'],
    ['DTSTART;TZID=Europe/Berlin:20250101T090000Z', 'TZID', 'contradiction'],
    ['DTSTART:20250101T250000', 'DTSTART', 'no_such_date'],
    ['DTSTART:2025-01-01', 'DTSTART', 'malformed'],
    ['DTSTART:20250101T090000\nEXDATE:20250102T096000', 'EXDATE', 'no_such_date'],
    ['DTSTART:20250101T090000\nRDATE:20250229T090000', 'RDATE', 'no_such_date'],
    ['DTSTART:20250101\nEXRULE:FREQ=DAILY', 'EXRULE', 'unsupported'],
    ['DTSTART:20250101\nRDATE;VALUE=PERIOD:20250101T000000Z/PT1H', 'VALUE', 'unsupported'],
    ['DTSTART:20250101\nnonsense', 'nonsense', 'malformed'],
  ])('%j', (text, part, code) => expect(() => parseSeries(text)).toThrow(refusal(part, code)))

  test('folded lines, any letter case and foreign parameters are read', () => {
    const text = 'dtstart;x-odd=1;tzid="Europe/Berlin":20250101T090000\r\nrrule:freq=da\r\n ily;count=2\r\n'
    expect(parseSeries(text).rule).toEqual({ freq: 'DAILY', count: 2 })
  })
})

describe('whatever comes in', () => {
  /** The milliseconds that it takes. */
  const answers = (run: () => unknown) =>
    processorMs(() => {
      try {
        run()
      } catch (error) {
        if (!(error instanceof RecurrenceError)) throw error
      }
    })

  test('text makes nothing but an answer or a refusal', () => {
    const names = [
      'FREQ',
      'INTERVAL',
      'COUNT',
      'UNTIL',
      'BYDAY',
      'BYMONTH',
      'BYMONTHDAY',
      'BYHOUR',
      'BYSETPOS',
      'WKST',
      'SKIP',
      'RSCALE',
    ]
    const values = [
      'DAILY',
      'YEARLY',
      'MINUTELY',
      '1',
      '-1',
      '31',
      '1,2,3',
      'MO',
      '-1FR,2MO',
      'GREGORIAN',
      'BACKWARD',
      '20300101',
      '99991231T235959Z',
    ]
    const part = fc.tuple(
      fc.constantFrom(...names),
      fc.oneof(fc.constantFrom(...values), fc.string({ maxLength: 5 })),
    )
    const rule = fc
      .array(part, { maxLength: 6 })
      .map((parts) => parts.map((pair) => pair.join('=')).join(';'))
    const safe = fc.property(fc.oneof(rule, fc.string()), fc.string({ maxLength: 12 }), (text, tail) => {
      answers(() => check(`FREQ=WEEKLY;${text}`))
      answers(() => check(text))
      answers(() => parseSeries(`DTSTART:20250101T090000${tail}\n${text}`))
    })
    expect(() => fc.assert(safe, { numRuns: 300 })).not.toThrow()
  })

  test('two thousand dates are read in less than 50 ms', () => {
    const days = (offset: number) =>
      Array.from({ length: 1_000 }, (_, index) => {
        const date = Temporal.PlainDate.from('2025-01-01').add({ days: 2 * index + offset })
        return `${date.toString().replaceAll('-', '')}T090000`
      }).join(',')
    const text = `DTSTART:20250101T090000\nRRULE:FREQ=DAILY\nEXDATE:${days(0)}\nRDATE;TZID=Asia/Tokyo:${days(1)}`
    const times = [1, 2, 3].map(() => answers(() => nextOccurrence(parseSeries(text), undefined, 'UTC')))
    expect(Math.min(...times)).toBeLessThan(50)
    expect(nextOccurrence(parseSeries(text), undefined, 'UTC')?.key).toBe('2025-01-02T00:00:00')
  })

  test('data of any shape makes nothing but an answer or a refusal', () => {
    const field = fc.oneof(fc.anything(), fc.array(fc.integer({ min: -400, max: 400 }), { maxLength: 5 }))
    const rule = fc.record(
      {
        freq: fc.constantFrom('DAILY', 'YEARLY', 'x'),
        interval: fc.option(field),
        byDay: field,
        byMonth: field,
        until: field,
      },
      { requiredKeys: ['freq'] },
    )
    const safe = fc.property(rule, (odd) => {
      answers(() =>
        nextOccurrence({ start: parseDue('2025-01-01'), rule: odd as unknown as Rule }, undefined, 'UTC'),
      )
    })
    expect(() => fc.assert(safe, { numRuns: 500 })).not.toThrow()
  })

  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1',
    'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6',
    'FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO',
    `FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${[...Array(24).keys()].join(',')};BYMINUTE=${[...Array(60).keys()].join(',')};BYSECOND=${[...Array(60).keys()].join(',')};BYSETPOS=-1`,
    `FREQ=DAILY;COUNT=100000;BYMINUTE=${[...Array(60).keys()].join(',')}`,
    'FREQ=MINUTELY;BYHOUR=9;COUNT=100000',
  ])('%.60s takes less than 50 ms from the first year to the last', (rule) => {
    const series = () => parseSeries(`DTSTART;TZID=Europe/Berlin:19700101T090000\nRRULE:${rule}`)
    const quickest = Math.min(
      ...[1, 2, 3].map(() =>
        answers(() => [undefined, '2199-06-01'].map((key) => nextOccurrence(series(), key, 'UTC'))),
      ),
    )
    expect(quickest).toBeLessThan(50)
  })
})
