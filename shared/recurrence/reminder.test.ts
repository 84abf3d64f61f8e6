import { describe, expect, test } from 'vitest'
import { parseDue } from './due.ts'
import { parseReminder, planReminders } from './reminder.ts'

const berlin = { time_zone: 'Europe/Berlin', reminder_time: '09:00:00' }
const planned = (due: string, ...reminders: string[]) =>
  planReminders(parseDue(due), berlin, reminders).map(({ before, remind_at }) => [before, remind_at])

describe('a reminder', () => {
  test.each([
    ['of an instant', '2030-01-15T17:00:00Z', '2030-01-15T17:00:00Z'],
    ['of a date, at the time of its owner', '2030-01-15', '2030-01-15T08:00:00Z'],
    ['of a local time', '2030-01-15T17:00:00', '2030-01-15T16:00:00Z'],
    ['of a time in a zone', '2030-01-15T17:00:00[America/New_York]', '2030-01-15T22:00:00Z'],
    ['of a time that the clocks skip', '2030-03-31T02:30:00', '2030-03-31T01:30:00Z'],
  ])('when it is due, %s', (_, due, remind_at) => {
    expect(planned(due, 'PT0S')).toEqual([['PT0S', remind_at]])
  })

  test('by days is at the same clock time, by hours exact, also over a clock change', () => {
    expect(planned('2030-04-01T08:00:00', 'P1D', 'P2D', 'PT48H', 'P1DT1H')).toEqual([
      ['PT48H', '2030-03-30T06:00:00Z'],
      ['P2D', '2030-03-30T07:00:00Z'],
      ['P1DT1H', '2030-03-31T05:00:00Z'],
      ['P1D', '2030-03-31T06:00:00Z'],
    ])
  })

  test('comes once at an instant, however it was asked for', () => {
    expect(planned('2030-01-15T17:00:00Z', 'PT60M', 'PT1H')).toEqual([['PT60M', '2030-01-15T16:00:00Z']])
  })

  test.each(['', 'soon', '1h', '-PT1H', 'P1M', 'P1Y', 'PT1S', 'P367D', 'PT9000H', `P${'1'.repeat(50)}D`])(
    '%j is refused',
    (text) => {
      expect(() => parseReminder(text)).toThrow(/^Use /)
    },
  )
})
