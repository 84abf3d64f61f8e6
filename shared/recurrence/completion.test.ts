import { describe, expect, test } from 'vitest'
import { completeByPlan, nextAfterCompletion } from './completion.ts'
import { formatDue } from './due.ts'
import { parseSeries } from './rrule-parse.ts'
import { parseSimple } from './simple.ts'

const berlin = 'Europe/Berlin'
const at = (local: string, zone = berlin) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant()

const complete = (
  start_date: string,
  type: 'daily' | 'weekly',
  open: string,
  done: Temporal.Instant,
  zone = berlin,
) => {
  const { consumed, missed, next } = completeByPlan(
    parseSimple({ recurrence_type: type, start_date }),
    open,
    done,
    zone,
  )
  return { consumed, missed, next: next?.key }
}

describe('completed by the plan', () => {
  test('two days late the days between are missed and the next is tomorrow', () => {
    expect(complete('2026-09-07', 'daily', '2026-09-07', at('2026-09-09T10:00'))).toEqual({
      consumed: '2026-09-09',
      missed: ['2026-09-07', '2026-09-08'],
      next: '2026-09-10',
    })
  })

  test('shortly before the time of the day it is still the one of yesterday', () => {
    expect(complete('2026-09-07T08:00', 'daily', '2026-09-07T08:00:00', at('2026-09-09T07:45'))).toEqual({
      consumed: '2026-09-08T08:00:00',
      missed: ['2026-09-07T08:00:00'],
      next: '2026-09-09T08:00:00',
    })
  })

  test('after missing several weeks the next is in the future', () => {
    expect(complete('2026-09-14T08:00', 'weekly', '2026-09-14T08:00:00', at('2026-09-30T12:00')).next).toBe(
      '2026-10-05T08:00:00',
    )
  })

  test('a weekly date done a week late on its weekday consumes the one of today', () => {
    expect(complete('2026-09-14', 'weekly', '2026-09-14', at('2026-09-21T09:00'))).toEqual({
      consumed: '2026-09-21',
      missed: ['2026-09-14'],
      next: '2026-09-28',
    })
  })

  test('early it consumes itself and nothing is skipped', () => {
    expect(complete('2026-09-14T08:00', 'weekly', '2026-09-21T08:00:00', at('2026-09-15T12:00'))).toEqual({
      consumed: '2026-09-21T08:00:00',
      missed: [],
      next: '2026-09-28T08:00:00',
    })
  })

  test('completing the same occurrence twice gives the same answer', () => {
    const once = complete('2026-09-14', 'weekly', '2026-09-14', at('2026-09-14T09:00'))
    expect(complete('2026-09-14', 'weekly', '2026-09-14', at('2026-09-14T09:00'))).toEqual(once)
    expect(once.next).toBe('2026-09-21')
  })

  test('an evening in New York is still today there', () => {
    const evening = at('2026-09-07T22:30', 'America/New_York')
    expect(complete('2026-09-07', 'daily', '2026-09-07', evening, 'America/New_York').next).toBe('2026-09-08')
  })

  test('years of absence are counted up to a thousand and still end in the future', () => {
    const { missed, next } = complete('1990-01-01', 'daily', '1990-01-01', at('2026-09-09T10:00'))
    expect(missed).toHaveLength(1_000)
    expect(next).toBe('2026-09-10')
  })

  test('the last occurrence has nothing after it', () => {
    const series = parseSeries('DTSTART;VALUE=DATE:20260907\nRRULE:FREQ=DAILY;COUNT=2')
    expect(completeByPlan(series, '2026-09-08', at('2026-09-08T10:00'), berlin).next).toBeUndefined()
  })
})

describe('counted from completion', () => {
  test.each([
    [
      'a month after 10 September is 10 October',
      'DTSTART;VALUE=DATE:20260829\nRRULE:FREQ=MONTHLY',
      '2026-09-10T12:00',
      '2026-10-10',
    ],
    [
      'a month after 31 January is 28 February',
      'DTSTART;VALUE=DATE:20250829\nRRULE:FREQ=MONTHLY',
      '2026-01-31T12:00',
      '2026-02-28',
    ],
    [
      'with no memory of the 31st',
      'DTSTART;VALUE=DATE:20250829\nRRULE:FREQ=MONTHLY',
      '2026-02-28T12:00',
      '2026-03-28',
    ],
    [
      'ten days, late in the evening',
      'DTSTART;VALUE=DATE:20260829\nRRULE:FREQ=DAILY;INTERVAL=10',
      '2026-09-10T23:59',
      '2026-09-20',
    ],
    [
      'a year after a leap day',
      'DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY',
      '2024-02-29T12:00',
      '2025-02-28',
    ],
    [
      'the first weekday strictly after',
      'DTSTART:20260829T080000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH',
      '2026-09-10T12:00',
      '2026-09-14T08:00:00',
    ],
    [
      'on the weekday itself it is the next',
      'DTSTART:20260829T080000\nRRULE:FREQ=WEEKLY;BYDAY=TH',
      '2026-09-10T07:00',
      '2026-09-17T08:00:00',
    ],
    [
      'every second week',
      'DTSTART;VALUE=DATE:20260829\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO',
      '2026-09-10T07:00',
      '2026-09-21',
    ],
    [
      'every third month on the 1st',
      'DTSTART;VALUE=DATE:20260829\nRRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1',
      '2026-09-10T12:00',
      '2026-12-01',
    ],
    [
      'the last working day',
      'DTSTART;VALUE=DATE:20260829\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-09-30T12:00',
      '2026-10-30',
    ],
    [
      'in its own zone',
      'DTSTART;TZID=Asia/Tokyo:20260829T080000\nRRULE:FREQ=DAILY',
      '2026-09-10T20:00',
      '2026-09-12T08:00:00[Asia/Tokyo]',
    ],
    [
      'an instant keeps its time in UTC',
      'DTSTART:20260829T080000Z\nRRULE:FREQ=DAILY',
      '2026-09-10T20:00',
      '2026-09-11T08:00:00Z',
    ],
    [
      'hours from the moment',
      'DTSTART:20260829T080000\nRRULE:FREQ=HOURLY;INTERVAL=8',
      '2026-09-10T23:59',
      '2026-09-11T07:59:00',
    ],
  ])('%s', (_, text, done, due) => {
    const next = nextAfterCompletion(parseSeries(text), at(done), berlin)
    expect(next && formatDue(next.due)).toBe(due)
  })

  test('hours are elapsed time also over a clock change', () => {
    const series = parseSeries('DTSTART;TZID=Europe/Berlin:20261001T080000\nRRULE:FREQ=HOURLY;INTERVAL=8')
    const next = nextAfterCompletion(series, at('2026-10-24T20:30'), berlin)!
    expect(next.at.toString()).toBe('2026-10-25T02:30:00Z')
    expect(formatDue(next.due)).toBe('2026-10-25T03:30:00[Europe/Berlin]')
  })

  test('it ends with COUNT, with UNTIL and without a rule', () => {
    const next = (rule: string, done?: number) => {
      const series = parseSeries(`DTSTART;VALUE=DATE:20260901\n${rule}`)
      return nextAfterCompletion(series, at('2026-09-10T12:00'), berlin, done)?.key
    }
    expect(next('RRULE:FREQ=DAILY;COUNT=3', 2)).toBe('2026-09-11')
    expect(next('RRULE:FREQ=DAILY;COUNT=3', 3)).toBeUndefined()
    expect(next('RRULE:FREQ=DAILY;UNTIL=20260911')).toBe('2026-09-11')
    expect(next('RRULE:FREQ=DAILY;UNTIL=20260910')).toBeUndefined()
    expect(next('')).toBeUndefined()
  })
})
