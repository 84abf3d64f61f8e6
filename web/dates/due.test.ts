import { describe, expect, test } from 'vitest'
import { localDue, today, withLocal } from './due.ts'

const berlin = 'Europe/Berlin'
const read = (due_date: string, due_at: string | null = null) => localDue({ due_date, due_at }, berlin)

describe('read in Berlin', () => {
  test.each([
    ['2026-12-01', { day: '2026-12-01', time: null }],
    ['2026-12-01T17:00:00', { day: '2026-12-01', time: '17:00' }],
    ['2026-12-01T17:00:00Z', { day: '2026-12-01', time: '18:00' }],
    ['2026-12-01T17:00:00-05:00', { day: '2026-12-01', time: '23:00' }],
    [
      '2026-12-01T20:00:00[America/New_York]',
      { day: '2026-12-02', time: '02:00', fixedZone: 'America/New_York' },
    ],
    // Their clocks change on different days.
    [
      '2026-03-20T17:00:00[America/New_York]',
      { day: '2026-03-20', time: '22:00', fixedZone: 'America/New_York' },
    ],
    // A time that the clock skips shifts forward, one that comes twice is the first.
    [
      '2026-03-08T02:30:00[America/New_York]',
      { day: '2026-03-08', time: '08:30', fixedZone: 'America/New_York' },
    ],
    [
      '2026-11-01T01:30:00[America/New_York]',
      { day: '2026-11-01', time: '06:30', fixedZone: 'America/New_York' },
    ],
    [
      '2026-11-01T03:30:00[America/New_York]',
      { day: '2026-11-01', time: '09:30', fixedZone: 'America/New_York' },
    ],
  ])('%s, also before the server has told its instant', (due_date, due) => {
    expect(read(due_date)).toEqual(due)
  })

  test('the instant that the server has told is the one that counts', () => {
    expect(read('2026-12-01T17:00:00[America/New_York]', '2026-12-01T23:00:00Z')?.time).toBe('00:00')
  })
})

describe('a time that is fixed to a zone', () => {
  test.each(['America/New_York', 'Asia/Tokyo', 'UTC', berlin])('of %s is written as it was read', (zone) => {
    for (const local of ['2026-03-20T17:00:00', '2026-12-01T09:30:00', '2026-12-31T23:59:00']) {
      expect(withLocal(read(`${local}[${zone}]`)!, berlin)).toBe(`${local}[${zone}]`)
    }
  })

  test('moves to another day of its reader, at the minute that the reader sees', () => {
    const due = { ...read('2026-12-01T20:00:00[America/New_York]')!, day: '2026-12-05' }
    expect(withLocal(due, berlin)).toBe('2026-12-04T20:00:00[America/New_York]')
  })
})

test.each([
  [{ day: '2026-12-01', time: null, fixedZone: 'Asia/Tokyo' }, '2026-12-01'],
  [{ day: '2026-12-01', time: '09:30' }, '2026-12-01T09:30:00'],
])('%j is written %s', (due, written) => expect(withLocal(due, berlin)).toBe(written))

test.each([
  ['2030-06-10T01:59:59Z', '2030-06-09'],
  ['2030-06-10T02:00:00Z', '2030-06-10'],
  // The night in which the clocks go forward, from two to three.
  ['2030-03-31T01:59:59Z', '2030-03-30'],
  ['2030-03-31T02:00:00Z', '2030-03-31'],
])('at %s it is %s for whom the day begins at four on the clock', (now, day) => {
  expect(today(berlin, '04:00', Date.parse(now))).toBe(day)
})
