import { describe, expect, test } from 'vitest'
import { parseDue } from './due.ts'
import { RecurrenceError } from './error.ts'
import { nextOccurrence, occurrences } from './expand.ts'
import { parseSimple, simpleSeries, type RecurrenceType } from './simple.ts'

const keys = (type: RecurrenceType, start_date: string, count: number, more: object = {}) =>
  occurrences(parseSimple({ recurrence_type: type, start_date, ...more }), { userZone: 'Europe/Berlin' })
    .take(count)
    .map((occurrence) => occurrence.key)
    .toArray()

describe('the simple form', () => {
  test('a weekly task is next due a week later, as the specification shows', () => {
    const series = parseSimple({
      recurrence_type: 'weekly',
      recurrence_interval: 1,
      start_date: '2025-01-01T09:00:00Z',
      end_date: '2025-12-31T09:00:00Z',
    })
    const first = nextOccurrence(series, undefined, 'UTC')!
    expect(first.key).toBe('2025-01-01T09:00:00')
    expect(nextOccurrence(series, first.key, 'UTC')?.at.toString()).toBe('2025-01-08T09:00:00Z')
    expect(nextOccurrence(series, '2025-12-31T09:00:00', 'UTC')).toBeUndefined()
  })

  test('monthly on the 31st remembers its day through short months', () => {
    expect(keys('monthly', '2025-01-31', 5)).toEqual([
      '2025-01-31',
      '2025-02-28',
      '2025-03-31',
      '2025-04-30',
      '2025-05-31',
    ])
  })

  test('monthly on the 31st may leave short months out instead', () => {
    const start = parseDue('2025-01-31')
    const strict = simpleSeries({ start, recurrence_type: 'monthly', monthEnd: 'skip' })
    expect(nextOccurrence(strict, '2025-01-31', 'UTC')?.key).toBe('2025-03-31')
  })

  test('every six months from the end of August clamps and does not become a year', () => {
    expect(keys('monthly', '2025-08-31', 3, { recurrence_interval: 6 })).toEqual([
      '2025-08-31',
      '2026-02-28',
      '2026-08-31',
    ])
  })

  test('a leap day is the 28th in common years and comes back', () => {
    expect(keys('yearly', '2024-02-29', 5)).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ])
  })

  test('the end belongs to the series', () => {
    expect(keys('daily', '2025-01-01', 9, { end_date: '2025-01-03' })).toEqual([
      '2025-01-01',
      '2025-01-02',
      '2025-01-03',
    ])
    expect(keys('daily', '2025-01-01T08:00', 9, { end_date: '2025-01-02' })).toHaveLength(2)
  })

  test('each occurrence has the form of the start', () => {
    const kinds = [
      '2025-01-31',
      '2025-01-31T10:00',
      '2025-01-31T10:00[Asia/Tokyo]',
      '2025-01-31T10:00:00Z',
    ].map(
      (start_date) =>
        nextOccurrence(parseSimple({ recurrence_type: 'daily', start_date }), undefined, 'UTC')?.due.kind,
    )
    expect(kinds).toEqual(['date', 'floating', 'zoned', 'instant'])
  })

  test('a clamped date says why', () => {
    const series = parseSimple({ recurrence_type: 'monthly', start_date: '2025-01-31' })
    expect(nextOccurrence(series, '2025-01-31', 'UTC')?.note).toBe('month has no 31st')
    expect(nextOccurrence(series, '2025-02-28', 'UTC')?.note).toBeUndefined()
  })
})

test.each([
  [{ recurrence_interval: 0 }, 'recurrence_interval', 'malformed'],
  [{ recurrence_interval: 1.5 }, 'recurrence_interval', 'malformed'],
  [{ recurrence_interval: 1_001 }, 'recurrence_interval', 'too_large'],
  [{ recurrence_type: 'hourly' }, 'recurrence_type', 'malformed'],
  [{ recurrence_type: 'toString' }, 'recurrence_type', 'malformed'],
  [{ start_date: '2025-02-30' }, 'start_date', 'no_such_date'],
  [{ end_date: 'never' }, 'end_date', 'malformed'],
])('%j is refused and the field is named', (wrong, part, code) => {
  const fields = { recurrence_type: 'daily' as const, start_date: '2025-01-01', ...wrong } as Parameters<
    typeof parseSimple
  >[0]
  expect(() => parseSimple(fields)).toThrow(
    expect.objectContaining({ part, code, constructor: RecurrenceError }),
  )
})
