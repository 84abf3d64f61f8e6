import { describe, expect, test } from 'vitest'
import type { Series } from '../api/shapes.ts'
import { asksForLateDays, customOf, customRule, fieldsOf, formOf, type Form } from './rule.ts'

const form: Form = {
  rule: 'FREQ=WEEKLY;BYDAY=MO',
  end: { kind: 'never' },
  day: '2026-11-30',
  time: null,
  zone: null,
  mode: 'schedule',
  catchUp: 'keep_one',
  monthEnd: 'clamp',
}

describe('the custom editor', () => {
  test.each([
    ['DAILY', 1, [], 'FREQ=DAILY'],
    ['DAILY', 3, [1], 'FREQ=DAILY;INTERVAL=3'],
    ['WEEKLY', 2, [5, 1], 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR'],
    ['WEEKLY', 1, [], 'FREQ=WEEKLY'],
    ['MONTHLY', 1, [2], 'FREQ=MONTHLY'],
  ] as const)('writes %s %i %j as %s', (freq, interval, weekdays, rule) => {
    expect(customRule(freq, interval, weekdays)).toBe(rule)
  })

  test.each([
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR', { freq: 'WEEKLY', interval: 2, weekdays: [1, 5] }],
    // Without weekdays, and with those that have a number, that of the date.
    ['FREQ=WEEKLY', { freq: 'WEEKLY', interval: 1, weekdays: [2] }],
    ['FREQ=MONTHLY;BYDAY=-1FR', { freq: 'MONTHLY', interval: 1, weekdays: [2] }],
    ['FREQ=HOURLY;INTERVAL=4', { freq: 'WEEKLY', interval: 4, weekdays: [2] }],
    ['nonsense', { freq: 'WEEKLY', interval: 1, weekdays: [2] }],
  ])('reads %s', (rule, custom) => expect(customOf(rule, '2026-11-24')).toEqual(custom))
})

describe('short months matter', () => {
  test.each([
    ['FREQ=MONTHLY', '2026-01-31', true],
    ['FREQ=MONTHLY', '2026-01-28', false],
    ['FREQ=MONTHLY;BYMONTHDAY=1,30', '2026-01-01', true],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31', false],
    ['FREQ=MONTHLY;BYDAY=-1FR', '2026-01-30', false],
    ['FREQ=YEARLY', '2028-02-29', true],
    ['FREQ=WEEKLY', '2026-01-31', false],
  ])('to %s from %s: %s', (rule, day, expected) => expect(asksForLateDays(rule, day)).toBe(expected))
})

describe('what is sent', () => {
  test.each([
    [{}, { recurrence_rule: form.rule, start_date: '2026-11-30', end_date: null, timezone: null }],
    [
      { end: { kind: 'count', count: 3 } },
      { recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=3', end_date: null },
    ],
    [{ end: { kind: 'until', day: '2027-01-31' } }, { end_date: '2027-01-31' }],
    // A time on the last day is still within, and a zone changes nothing of that.
    [
      { time: '09:30', zone: 'Asia/Tokyo', end: { kind: 'until', day: '2027-01-31' } },
      { start_date: '2026-11-30T09:30:00', end_date: '2027-01-31' },
    ],
    [{ time: '09:30', zone: 'Asia/Tokyo' }, { timezone: 'Asia/Tokyo' }],
    // A date has no zone.
    [{ zone: 'Asia/Tokyo' }, { timezone: null }],
  ] as [Partial<Form>, object][])('%j', (change, fields) => {
    expect(fieldsOf({ ...form, ...change })).toMatchObject(fields)
  })
})

test.each([
  [{ kind: 'never' }, 'FREQ=MONTHLY;BYMONTHDAY=31', null],
  [{ kind: 'count', count: 3 }, 'FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3', null],
  [{ kind: 'until', day: '2027-01-31' }, 'FREQ=MONTHLY;UNTIL=20270131;BYMONTHDAY=31', '2027-01-31'],
] as const)('a series comes back as the form that made it: %j', (end, recurrence_rule, end_date) => {
  const series = {
    recurrence_rule: `RSCALE=GREGORIAN;${recurrence_rule};SKIP=BACKWARD`,
    start_date: '2026-01-31T09:30:00[Asia/Tokyo]',
    end_date,
    timezone: 'Asia/Tokyo',
    mode: 'completion',
    catch_up: 'keep_all',
    month_end: 'clamp',
  } as Series
  expect(formOf(series)).toEqual({
    rule: 'FREQ=MONTHLY;BYMONTHDAY=31',
    end,
    day: '2026-01-31',
    time: '09:30',
    zone: 'Asia/Tokyo',
    mode: 'completion',
    catchUp: 'keep_all',
    monthEnd: 'clamp',
  })
})

test.each([
  ['UTC', { day: '2026-01-31', time: '20:30', end: { kind: 'until', day: '2026-12-31' } }],
  ['Asia/Tokyo', { day: '2026-02-01', time: '05:30', end: { kind: 'until', day: '2027-01-01' } }],
])(
  'instants are shown, and sent again, on the clock of the zone that the series follows: %s',
  (timezone, shown) => {
    const form = formOf({
      recurrence_rule: 'FREQ=DAILY',
      start_date: '2026-01-31T20:30:00Z',
      end_date: '2026-12-31T23:59:59Z',
      timezone,
    } as Series)
    expect(form).toMatchObject({ ...shown, zone: timezone })
    expect(fieldsOf(form)).toMatchObject({ start_date: `${shown.day}T${shown.time}:00`, timezone })
  },
)
