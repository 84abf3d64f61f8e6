import { describe, expect, test } from 'vitest'
import { occurrenceId, owedAt, scheduleAfter, seriesOf, uuidV5, type Rule } from './series.ts'

describe('the id of an occurrence', () => {
  test('is a UUID of version 5: the example of RFC 9562, appendix A.4', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
  })

  test('stays what it was ever since: another one would make every task a second time', () => {
    const series = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(occurrenceId(series, '2030-01-15T09:00:00')).toBe('e63c0204-4f31-5a49-8298-6e54c620611b')
    expect(occurrenceId(series, '2030-01-16T09:00:00')).not.toBe(occurrenceId(series, '2030-01-15T09:00:00'))
  })
})

const rule = (start_date: string, fields: Partial<Rule> = {}): Rule => ({
  recurrence_type: 'monthly',
  recurrence_interval: 1,
  start_date,
  end_date: null,
  ...fields,
})
const at = (instant: string) => Temporal.Instant.from(instant)

describe('what a series owes', () => {
  const zone = 'America/New_York'

  test.each([
    ['just before it is due', '2030-02-28T13:59:59.999Z', undefined],
    ['at the instant', '2030-02-28T14:00:00Z', '2030-02-28T09:00:00'],
    ['months later: the latest alone', '2031-12-01T00:00:00Z', '2031-11-30T09:00:00'],
  ])('of a local time, %s', (_, now, key) => {
    const series = seriesOf(rule('2030-01-31T09:00:00'))
    expect(owedAt(series, zone, '2030-01-31', at(now))?.key).toBe(key)
  })

  test.each([
    ['before the day begins', '2030-02-28T04:59:59Z', undefined],
    ['as the day begins', '2030-02-28T05:00:00Z', '2030-02-28'],
    ['as the next day begins', '2030-03-01T05:00:00Z', '2030-02-28'],
  ])('of a date, %s', (_, now, key) => {
    const series = seriesOf(rule('2030-01-31'))
    expect(owedAt(series, zone, '2030-01-31', at(now))?.key).toBe(key)
  })

  test('is nothing that is settled', () => {
    const series = seriesOf(rule('2030-01-31T09:00:00'))
    expect(owedAt(series, zone, '2030-02-28', at('2030-03-01T00:00:00Z'))).toBeUndefined()
  })
})

describe('what comes next', () => {
  test('of a date is made as its day begins where the user is, and due as it ends', () => {
    expect(scheduleAfter(seriesOf(rule('2030-01-31')), 'Asia/Tokyo', '2030-01-31')).toEqual({
      settled_through: '2030-01-31',
      next_occurrence: '2030-02-28',
      next_due_at: '2030-02-28T15:00:00Z',
      next_created_at: '2030-02-27T15:00:00Z',
    })
  })

  test('is nothing beyond the end', () => {
    const series = seriesOf(rule('2030-01-31', { end_date: '2030-02-27' }))
    expect(scheduleAfter(series, 'UTC', '2030-01-31')).toEqual({
      settled_through: '2030-01-31',
      next_occurrence: null,
      next_due_at: null,
      next_created_at: null,
    })
  })
})
