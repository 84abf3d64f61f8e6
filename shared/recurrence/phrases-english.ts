import { listOf } from './list.ts'
import type { Phrases } from './phrases.ts'

const units = {
  MINUTELY: 'minute',
  HOURLY: 'hour',
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  YEARLY: 'year',
} as const

/** 1st, 2nd, 3rd, 4th, 11th. */
function nth(number: number): string {
  const tens = number % 100
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${suffix}`
}

function place(position: number): string {
  if (position > 0) return nth(position)
  if (position === -1) return 'last'
  return `${position === -2 ? 'second' : position === -3 ? 'third' : nth(-position)}-to-last`
}

export const english: Phrases = {
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  and: 'and',
  or: 'or',
  every: (freq, interval) =>
    interval === 1 ? `Every ${units[freq]}` : `Every ${interval.toLocaleString('en')} ${units[freq]}s`,
  everyWorkday: 'Every weekday',
  onWorkdays: 'on weekdays',
  day: 'day',
  workday: 'working day',
  place,
  nthWeekday: (which, weekday) => `the ${which} ${weekday}`,
  monthDay: (day) => (day > 0 ? nth(day) : `${place(day)} day`),
  days: (first, last) => `${first} to ${last}`,
  onDate: (day, month) => `on ${day} ${month}`,
  onThe: (list) => `on the ${list}`,
  on: (list) => `on ${list}`,
  onYearDays: (places) =>
    `on ${listOf(
      places.map((each) => `the ${each} day of the year`),
      'and',
    )}`,
  week: (week) => (week > 0 ? `week ${week}` : `the ${place(week)} week`),
  inWeeks: (list) => `in ${list}`,
  inMonths: (list) => `in ${list}`,
  ifItIs: (weekdays) =>
    `if it is ${listOf(
      weekdays.map((weekday) => (weekday.startsWith('the ') ? weekday : `a ${weekday}`)),
      'or',
    )}`,
  onlyThe: (list) => `(only the ${list} of these)`,
  shorter: { BACKWARD: '(last day in shorter months)', FORWARD: '(next day after shorter months)' },
  commonYears: { BACKWARD: '(28 February in common years)', FORWARD: '(1 March in common years)' },
  atTimes: (list) => `at ${list}`,
  atMinutes: (list) => `at minute ${list}`,
  duringHours: (list) => `during the hours ${list}`,
  times: (count) => (count === 1 ? 'once' : `for ${count.toLocaleString('en')} times`),
  until: (day, month, year) => `until ${day} ${month.slice(0, 3)} ${year}`,
  afterCompletion: 'after completion',
  notes: {
    clocksForward: 'clocks go forward',
    clocksBack: 'clocks go back',
    noLeapDay: 'February has no 29th',
    noDay: (day) => `month has no ${nth(day)}`,
    fewerDays: (days) => `month has fewer than ${days} days`,
    noDay366: 'year has no day 366',
  },
}
