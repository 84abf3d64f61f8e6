import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueAt, formatDue, isZone, parseDue } from './due.ts'
import { RecurrenceError } from './error.ts'

const refusal = (text: string) => {
  try {
    parseDue(text)
  } catch (error) {
    if (error instanceof RecurrenceError) return `${error.part}: ${error.code}`
    throw error
  }
  return 'accepted'
}

describe('the four forms', () => {
  test.each([
    ['2025-01-15', 'date', '2025-01-15'],
    ['2025-01-15T17:00', 'floating', '2025-01-15T17:00:00'],
    ['2025-01-15T17:00:00', 'floating', '2025-01-15T17:00:00'],
    ['2025-01-15T17:00:00.250', 'floating', '2025-01-15T17:00:00.25'],
    ['2025-01-15T17:00:00[Europe/Berlin]', 'zoned', '2025-01-15T17:00:00[Europe/Berlin]'],
    ['2025-01-15T17:00[europe/berlin]', 'zoned', '2025-01-15T17:00:00[Europe/Berlin]'],
    ['2025-01-15T17:00:00+01:00[Europe/Berlin]', 'zoned', '2025-01-15T17:00:00[Europe/Berlin]'],
    ['2025-01-15T17:00:00Z[UTC]', 'zoned', '2025-01-15T17:00:00[UTC]'],
    ['2025-01-15T17:00:00Z', 'instant', '2025-01-15T17:00:00Z'],
    ['2025-01-15T17:00:00.000Z', 'instant', '2025-01-15T17:00:00Z'],
    ['2025-01-15T17:00:00+01:00', 'instant', '2025-01-15T16:00:00Z'],
    ['2025-01-15T17:00Z', 'instant', '2025-01-15T17:00:00Z'],
  ])('%s is a %s and is given back as %s', (text, kind, canonical) => {
    const due = parseDue(text)
    expect(due.kind).toBe(kind)
    expect(formatDue(due)).toBe(canonical)
    expect(formatDue(parseDue(canonical))).toBe(canonical)
  })
})

describe('refused', () => {
  test.each([
    ['2025-02-30', 'no_such_date'],
    ['2025-02-29T10:00:00', 'no_such_date'],
    ['2025-01-15T24:00:00', 'no_such_date'],
    ['2025-01-15T17:00:60Z', 'no_such_date'],
    ['2025-01-15T17:60:00', 'no_such_date'],
    ['2025-01-15T17:00:00+25:00', 'no_such_date'],
    ['2025-01-15T17:00:00+16:00', 'no_such_date'],
    ['1969-12-31', 'out_of_range'],
    ['1970-01-01T00:30:00+01:00', 'out_of_range'],
    ['2200-12-31T23:30:00-01:00', 'out_of_range'],
    ['2201-01-01', 'out_of_range'],
    ['2025-01-15T17:00:00[Mars/Olympus]', 'unknown_zone'],
    ['2025-01-15T17:00:00[+02:00]', 'malformed'],
    ['2025-01-15T17:00:00Z[Europe/Berlin]', 'contradiction'],
    ['2025-01-15T17:00:00+02:00[Europe/Berlin]', 'contradiction'],
    ['2025-01-15T17:00:00[Europe/Berlin][u-ca=hebrew]', 'malformed'],
    ['2025-01-15[u-ca=hebrew]', 'malformed'],
    ['+002025-01-15', 'malformed'],
    ['2025-01-15 17:00:00', 'malformed'],
    ['2025-01-15T17', 'malformed'],
    ['20250115', 'malformed'],
    ['2025-1-5', 'malformed'],
    [' 2025-01-15', 'malformed'],
    ['2025-01-15\n', 'malformed'],
    ['tomorrow', 'malformed'],
    ['', 'malformed'],
    ['２０２５-01-15', 'malformed'],
  ])('%j as %s', (text, code) => expect(refusal(text)).toBe(`due_date: ${code}`))

  test('whatever is given, nothing but the own error is thrown', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.anything(),
      fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-]\d\d:\d\d|\[\w+\])$/),
    )
    const safe = fc.property(odd, (value) => refusal(value as string).length > 0)
    expect(() => fc.assert(safe, { numRuns: 2_000 })).not.toThrow()
  })
})

describe('the instant', () => {
  test.each([
    ['a date is due at the end of the local day', '2025-01-15', 'Europe/Berlin', '2025-01-15T23:00:00Z'],
    ['a day that ends in a gap ends at the gap', '2026-04-23', 'Africa/Cairo', '2026-04-23T22:00:00Z'],
    [
      'a floating time is read in the zone of the user',
      '2025-01-15T17:00',
      'America/New_York',
      '2025-01-15T22:00:00Z',
    ],
    ['a zoned time is not', '2025-01-15T17:00[Asia/Kathmandu]', 'America/New_York', '2025-01-15T11:15:00Z'],
    ['a gap shifts forward', '2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['a gap of half an hour too', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['an overlap takes the first', '2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['an instant is itself', '2025-01-15T17:00:00Z', 'Asia/Tokyo', '2025-01-15T17:00:00Z'],
  ])('%s', (_, text, zone, instant) => expect(dueAt(parseDue(text), zone).toString()).toBe(instant))

  test('an unknown zone of the user is named', () => {
    expect(() => dueAt(parseDue('2025-01-15'), '+02:00')).toThrow(RecurrenceError)
  })
})

test.each([
  ['UTC', true],
  ['Europe/Berlin', true],
  ['Asia/Kolkata', true],
  ['+02:00', false],
  ['Z', false],
  ['Mars/Olympus', false],
  ['', false],
  ['Europe/Berlin ', false],
])('%j is a zone: %s', (name, known) => expect(isZone(name)).toBe(known))
