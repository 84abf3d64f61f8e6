/** A rule as an English sentence. */
import { parsePoint } from './check.ts'
import { civil, daySeconds } from './civil.ts'
import type { Due } from './due.ts'
import { explicitRule } from './explicit.ts'
import { nth } from './note.ts'
import { weekdays, type Rule, type Weekday } from './rule.ts'

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const monthNames = [
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
] as const

const units = {
  MINUTELY: 'minute',
  HOURLY: 'hour',
  DAILY: 'day',
  WEEKLY: 'week',
  MONTHLY: 'month',
  YEARLY: 'year',
} as const

/** "Every 2 weeks on Monday and Thursday until 31 Dec 2026". With the start it also says what the rule takes from it. */
export function sentenceOf(rule: Rule, start?: Due): string {
  const parts = [
    everyPart(rule),
    ...whenParts(start ? explicitRule(rule, start) : rule),
    timePart(rule),
    endPart(rule),
  ]
  return parts.filter(Boolean).join(' ')
}

function everyPart(rule: Rule): string {
  const interval = rule.interval ?? 1
  if (isWorkingWeek(rule) && interval === 1 && (rule.freq === 'DAILY' || rule.freq === 'WEEKLY'))
    return 'Every weekday'
  return interval === 1
    ? `Every ${units[rule.freq]}`
    : `Every ${interval.toLocaleString('en')} ${units[rule.freq]}s`
}

function isWorkingWeek({ byDay, bySetPos }: Rule): boolean {
  const days = new Set(byDay?.map(({ day, nth }) => (nth === undefined ? day : undefined)))
  return days.size === 5 && weekdays.slice(0, 5).every((day) => days.has(day)) && !bySetPos
}

function whenParts(rule: Rule): string[] {
  const { freq, byMonth, byMonthDay, byDay, byYearDay, byWeekNo, bySetPos } = rule
  const parts: string[] = []
  if (byMonth?.length === 1 && byMonthDay?.length === 1 && byMonthDay[0]! > 0 && !byDay) {
    return [`on ${byMonthDay[0]} ${monthNames[byMonth[0]! - 1]}${shorter(rule)}`]
  }
  if (byYearDay) parts.push(`on ${list(byYearDay.map((day) => `the ${place(day)} day of the year`))}`)
  if (byWeekNo)
    parts.push(`in ${list(byWeekNo.map((week) => (week > 0 ? `week ${week}` : `the ${place(week)} week`)))}`)
  if (byMonthDay) parts.push(`on the ${list(dayRanges(byMonthDay))}${shorter(rule)}`)
  else if (byDay && bySetPos)
    parts.push(`on the ${list(bySetPos.map(place))} ${setName(byDay.map(({ day }) => day))}`)
  else if (byDay && !(isWorkingWeek(rule) && (freq === 'DAILY' || freq === 'WEEKLY'))) {
    parts.push(`on ${list(byDay.map(dayName))}`)
  } else if (byDay && (rule.interval ?? 1) > 1) parts.push('on weekdays')
  if (byMonth) parts.push(`in ${list(byMonth.map((month) => monthNames[month - 1]!))}`)
  if (byMonthDay && byDay)
    parts.push(
      `if it is ${list(
        byDay.map((item) => (item.nth ? '' : 'a ') + dayName(item)),
        'or',
      )}`,
    )
  if (bySetPos && (!byDay || byMonthDay)) parts.push(`(only the ${list(bySetPos.map(place))} of these)`)
  return parts
}

/** 1st, 15th, last day; three or more in a row as 2nd to 8th. */
function dayRanges(days: readonly number[]): string[] {
  const runs: number[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    if (run && day > 0 && run.at(-1) === day - 1) run.push(day)
    else runs.push([day])
  }
  const name = (day: number) => (day > 0 ? nth(day) : `${place(day)} day`)
  return runs.flatMap((run) =>
    run.length > 2 ? [`${name(run[0]!)} to ${name(run.at(-1)!)}`] : run.map(name),
  )
}

function dayName({ day, nth }: { day: Weekday; nth?: number }): string {
  const name = weekdayNames[weekdays.indexOf(day)]!
  return nth === undefined ? name : `the ${place(nth)} ${name}`
}

function setName(days: Weekday[]): string {
  const set = new Set(days)
  if (set.size === 7) return 'day'
  if (set.size === 5 && !set.has('SA') && !set.has('SU')) return 'working day'
  return list(
    [...set].map((day) => weekdayNames[weekdays.indexOf(day)]!),
    'or',
  )
}

function shorter({ skip, byMonthDay = [], byMonth, freq }: Rule): string {
  const late = byMonthDay.some((day) => day > 28)
  if (!late || skip === undefined || skip === 'OMIT') return ''
  if (freq === 'YEARLY' && byMonth?.length === 1 && byMonth[0] === 2) {
    return skip === 'BACKWARD' ? ' (28 February in common years)' : ' (1 March in common years)'
  }
  return skip === 'BACKWARD' ? ' (last day in shorter months)' : ' (next day after shorter months)'
}

/** 1st, last, second-to-last, 5th-to-last. */
function place(position: number): string {
  if (position > 0) return nth(position)
  if (position === -1) return 'last'
  return `${position === -2 ? 'second' : position === -3 ? 'third' : nth(-position)}-to-last`
}

function timePart({ freq, byHour, byMinute }: Rule): string {
  const two = (value: number) => String(value).padStart(2, '0')
  if (freq === 'MINUTELY' || freq === 'HOURLY') {
    const hours = byHour ? `during the hours ${list(byHour.map((hour) => `${two(hour)}:00`))}` : ''
    return [byMinute ? `at minute ${list(byMinute.map(String))}` : '', hours].filter(Boolean).join(' ')
  }
  if (byHour)
    return `at ${list(byHour.flatMap((hour) => (byMinute ?? [0]).map((minute) => `${two(hour)}:${two(minute)}`)))}`
  return byMinute ? `at minute ${list(byMinute.map(String))}` : ''
}

function endPart({ count, until }: Rule): string {
  if (count !== undefined) return count === 1 ? 'once' : `for ${count.toLocaleString('en')} times`
  if (until === undefined) return ''
  const point = parsePoint(until, 'UNTIL')
  const day =
    point.kind === 'date'
      ? point.day
      : Math.floor((point.kind === 'local' ? point.local : point.epoch) / daySeconds)
  return `until ${shortDate(day)}`
}

/** 31 Dec 2026. */
function shortDate(dayCount: number): string {
  const { year, month, day } = civil(dayCount)
  return `${day} ${monthNames[month - 1]!.slice(0, 3)} ${year}`
}

function list(items: string[], word = 'and'): string {
  const distinct = [...new Set(items)]
  if (distinct.length < 2) return distinct.join('')
  return `${distinct.slice(0, -1).join(', ')} ${word} ${distinct.at(-1)}`
}
