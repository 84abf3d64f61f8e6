import { describe, expect, test } from 'vitest'
import { occurrenceAt, occurrences } from '../recurrence/expand.ts'
import { weekly } from '../testing/weekly.ts'
import { seriesOf } from './rule.ts'
import type { LockedSeries } from './series.ts'
import { planSplit } from './split.ts'

const berlin = 'Europe/Berlin'
const split = (fields: Partial<LockedSeries>, key: string) => {
  const hourly = fields.recurrence_rule ? { recurrence_type: 'hourly' as const } : {}
  const row = { ...weekly, ...hourly, ...fields }
  return { row, planned: planSplit(row, occurrenceAt(seriesOf(row), key, berlin)!, {})! }
}
const instants = (fields: Parameters<typeof seriesOf>[0], from: Temporal.Instant, count: number) =>
  [...occurrences(seriesOf(fields), { from, userZone: berlin }).take(count)].map(({ at }) => at.toString())

describe('what goes on from an occurrence comes when the whole would have come', () => {
  test.each<[string, Partial<LockedSeries>, string, string]>([
    [
      'every six hours, in a zone',
      {
        recurrence_interval: 6,
        recurrence_rule: 'FREQ=HOURLY;INTERVAL=6',
        start_date: `2030-01-01T09:00:00[${berlin}]`,
        timezone: berlin,
      },
      '2030-01-01T20:00:00Z',
      `2030-01-01T21:00:00[${berlin}]`,
    ],
    [
      'every hour, in a zone, at the half past two that comes second',
      { recurrence_rule: 'FREQ=HOURLY', start_date: `2030-10-26T00:30:00[${berlin}]`, timezone: berlin },
      '2030-10-27T01:30:00Z',
      '2030-10-27T01:30:00Z',
    ],
    [
      'in the hours of the morning where the user is',
      { recurrence_rule: 'FREQ=HOURLY;BYHOUR=9,10,11', start_date: '2030-01-01T09:00:00' },
      '2030-01-02T08:00:00Z',
      '2030-01-02T09:00:00',
    ],
    [
      'daily at an instant, at the half past two that the clocks skip',
      { recurrence_type: 'daily', start_date: '2030-03-28T01:30:00Z', timezone: berlin },
      '2030-03-31T02:30:00',
      `2030-03-31T02:30:00[${berlin}]`,
    ],
    [
      'daily at an instant',
      { recurrence_type: 'daily', start_date: '2030-03-28T01:30:00Z', timezone: berlin },
      '2030-04-01T02:30:00',
      '2030-04-01T00:30:00Z',
    ],
    ['daily', { recurrence_type: 'daily', start_date: '2030-03-28' }, '2030-03-30', '2030-03-30'],
  ])('%s', (_, fields, key, start) => {
    const { row, planned } = split(fields, key)
    expect(planned.next.start_date).toBe(start)
    const from = occurrenceAt(seriesOf(row), key, berlin)!.at
    expect(instants(planned.next, from.subtract({ hours: 48 }), 40)).toEqual(instants(row, from, 40))
  })

  test('one that was moved into the next month starts no series', () => {
    const fields = { recurrence_type: 'monthly', start_date: '2030-01-31', month_end: 'forward' } as const
    expect(() => split(fields, '2030-03-01')).toThrow('moved from a day that its month does not have')
  })
})
