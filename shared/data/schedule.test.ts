import { describe, expect, test } from 'vitest'
import { seriesOf, type RuleFields } from './rule.ts'
import { close, passed, scheduleAfter, type Standing } from './schedule.ts'

const berlin = 'Europe/Berlin'

const standing = (rule: Partial<RuleFields>, more: Partial<Standing> = {}): Standing => ({
  series: seriesOf({
    recurrence_type: 'daily',
    recurrence_interval: 1,
    recurrence_rule: null,
    start_date: '2030-01-31T09:00:00',
    end_date: null,
    timezone: null,
    month_end: 'clamp',
    ...rule,
  }),
  mode: 'schedule',
  catch_up: 'keep_one',
  settled_through: '2030-01-31',
  time_zone: berlin,
  day_start: '00:00:00',
  closed_count: 0,
  ...more,
})

const at = (local: string, zone = berlin) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant()

describe('what has passed', () => {
  const zone = 'America/New_York'
  const monthly = { recurrence_type: 'monthly' as const }
  const keys = (rule: Partial<RuleFields>, now: string, settled_through = '2030-01-31') =>
    passed(standing(rule, { time_zone: zone, settled_through }), Temporal.Instant.from(now)).map(
      ({ key }) => key,
    )

  test.each([
    ['nothing just before it is due', '2030-02-28T13:59:59.999Z', []],
    ['it at the instant', '2030-02-28T14:00:00Z', ['2030-02-28T09:00:00']],
    ['all of them later', '2030-04-01T00:00:00Z', ['2030-02-28T09:00:00', '2030-03-31T09:00:00']],
  ])('of a local time is %s', (_, now, expected) => {
    expect(keys(monthly, now)).toEqual(expected)
  })

  test.each([
    ['nothing before the day begins', '2030-02-28T04:59:59Z', []],
    ['it as the day begins', '2030-02-28T05:00:00Z', ['2030-02-28']],
    ['it alone as the next day begins', '2030-03-01T05:00:00Z', ['2030-02-28']],
  ])('of a date is %s', (_, now, expected) => {
    expect(keys({ ...monthly, start_date: '2030-01-31' }, now)).toEqual(expected)
  })

  test('is nothing that is settled, by its key or by its day', () => {
    expect(keys(monthly, '2030-03-01T00:00:00Z', '2030-02-28T09:00:00')).toEqual([])
    expect(keys(monthly, '2030-03-01T00:00:00Z', '2030-02-28')).toEqual([])
  })

  test('after many years is the oldest thousand and the current one', () => {
    const found = keys({}, '2060-01-01T20:00:00Z')
    expect([found.length, found[0], found.at(-1)]).toEqual([
      1_001,
      '2030-02-01T09:00:00',
      '2060-01-01T09:00:00',
    ])
  })
})

describe('what comes next', () => {
  test('of a date is made as its day begins where the user is, and due as it ends', () => {
    const monthly = standing(
      { recurrence_type: 'monthly', start_date: '2030-01-31' },
      { time_zone: 'Asia/Tokyo' },
    )
    expect(scheduleAfter(monthly, '2030-01-31')).toEqual({
      settled_through: '2030-01-31',
      next_occurrence: '2030-02-28',
      next_due_at: '2030-02-28T15:00:00Z',
      next_created_at: '2030-02-27T15:00:00Z',
    })
  })

  test.each([
    ['beyond the end', { end_date: '2030-01-31' }, {}],
    ['that a completion decides', {}, { mode: 'completion' as const }],
  ])('is nothing %s', (_, rule, more) => {
    expect(scheduleAfter(standing(rule, more), '2030-01-31')).toMatchObject({
      next_occurrence: null,
      next_due_at: null,
      next_created_at: null,
    })
  })
})

describe('closing by the plan', () => {
  const daily = (more: Partial<Standing> = {}) =>
    standing({ start_date: '2026-09-07T08:00:00' }, { settled_through: '2026-09-07T08:00:00', ...more })
  const closing = (given: Standing, key: string, when: Temporal.Instant, isMoved = false) => {
    const { closed, missed, next } = close(given, key, isMoved, when)
    return { closed, missed: missed.map((occurrence) => occurrence.key), next: next?.key }
  }

  test('early it closes itself, and the next comes after it', () => {
    expect(closing(daily(), '2026-09-07T08:00:00', at('2026-09-06T20:00'))).toEqual({
      closed: '2026-09-07T08:00:00',
      missed: [],
      next: '2026-09-08T08:00:00',
    })
  })

  test('late it closes the current one; those between, without the task itself, are missed', () => {
    expect(closing(daily(), '2026-09-07T08:00:00', at('2026-09-09T10:00'))).toEqual({
      closed: '2026-09-09T08:00:00',
      missed: ['2026-09-08T08:00:00'],
      next: '2026-09-10T08:00:00',
    })
  })

  test.each([
    ['moved by hand', {}, true],
    ['of a series that keeps all', { catch_up: 'keep_all' as const }, false],
  ])('a task %s closes itself, however late', (_, more, isMoved) => {
    expect(closing(daily(more), '2026-09-07T08:00:00', at('2026-09-09T10:00'), isMoved)).toMatchObject({
      closed: '2026-09-07T08:00:00',
      missed: [],
    })
  })

  test('what is settled beyond the task is not made again', () => {
    const ahead = daily({ settled_through: '2026-09-10T08:00:00' })
    expect(closing(ahead, '2026-09-07T08:00:00', at('2026-09-06T20:00'))).toMatchObject({
      next: '2026-09-11T08:00:00',
    })
  })

  test('of a date, at one in the morning, is of the day before for whom the day begins at four', () => {
    const dates = (day_start: string) =>
      standing({ start_date: '2026-09-07' }, { settled_through: '2026-09-08', day_start })
    const night = at('2026-09-09T01:00')
    expect(closing(dates('04:00:00'), '2026-09-08', night).closed).toBe('2026-09-08')
    expect(closing(dates('00:00:00'), '2026-09-08', night).closed).toBe('2026-09-09')
    const spring = standing(
      { start_date: '2026-09-07' },
      { settled_through: '2027-03-27', day_start: '04:00:00' },
    )
    expect(closing(spring, '2027-03-27', at('2027-03-28T03:30')).closed).toBe('2027-03-27')
    expect(closing(spring, '2027-03-27', at('2027-03-28T04:30')).closed).toBe('2027-03-28')
  })
})

describe('closing by completion', () => {
  const every = (more: Partial<Standing> = {}) =>
    standing(
      { start_date: '2026-09-01T08:00:00', recurrence_interval: 10 },
      { mode: 'completion', settled_through: '2026-08-31', ...more },
    )
  const next = (given: Standing, key: string, when: Temporal.Instant) =>
    close(given, key, false, when).next?.key

  test.each([
    ['late', '2026-09-01T08:00:00', '2026-09-20T21:00', '2026-09-30T08:00:00'],
    ['early', '2026-09-30T08:00:00', '2026-09-25T07:00', '2026-10-05T08:00:00'],
  ])('%s, the next counts from the day it was done', (_, key, when, expected) => {
    expect(next(every(), key, at(when))).toBe(expected)
  })

  test('the next is never the very occurrence that is done', () => {
    expect(next(every(), '2026-09-30T08:00:00', at('2026-09-20T12:00'))).toBe('2026-10-01T08:00:00')
  })

  test('before the day begins it was done the day before', () => {
    expect(next(every({ day_start: '04:00:00' }), '2026-09-01T08:00:00', at('2026-09-20T02:00'))).toBe(
      '2026-09-29T08:00:00',
    )
  })

  test('ends after the last of its COUNT', () => {
    const twice = standing(
      { recurrence_rule: 'FREQ=DAILY;COUNT=2', start_date: '2026-09-01' },
      { mode: 'completion', settled_through: '2026-08-31' },
    )
    expect(next(twice, '2026-09-01', at('2026-09-01T12:00'))).toBe('2026-09-02')
    expect(next({ ...twice, closed_count: 1 }, '2026-09-02', at('2026-09-02T12:00'))).toBeUndefined()
  })
})
