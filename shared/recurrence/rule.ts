/** A recurrence rule as plain data, in the words of RFC 5545 section 3.3.10 and RFC 7529. */

export const frequencies = ['MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const
export type Frequency = (typeof frequencies)[number]

/** In the order of ISO 8601: Monday is 0. */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Weekday = (typeof weekdays)[number]

/** `{ day: 'MO', nth: -1 }` is the last Monday of the month or year. */
export type WeekdayRule = { day: Weekday; nth?: number }

/** What happens to a date that does not exist, as the 31st of April: left out, the day before, or the day after. */
export type Skip = 'OMIT' | 'BACKWARD' | 'FORWARD'

export type Rule = {
  freq: Frequency
  /** 1 to 1,000. */
  interval?: number
  count?: number
  /** The last moment, itself included: a date, a local time or an instant (`...Z`). */
  until?: string
  byMonth?: readonly number[]
  byWeekNo?: readonly number[]
  byYearDay?: readonly number[]
  byMonthDay?: readonly number[]
  byDay?: readonly WeekdayRule[]
  byHour?: readonly number[]
  byMinute?: readonly number[]
  bySecond?: readonly number[]
  bySetPos?: readonly number[]
  /** Monday unless said otherwise; it matters for every second week and for week numbers. */
  weekStart?: Weekday
  skip?: Skip
}
