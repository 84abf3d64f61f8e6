/** The calendar dates of one period of a rule: a year, a month, a week or a day. No times, no zones. */
import { civil, dayNumber, modulo, monthDays, weekday, yearDays } from './civil.ts'
import type { Plan } from './series.ts'

/** The number of the period in which a day lies. */
export function periodOf(plan: Plan, day: number): number {
  if (plan.freq === 'WEEKLY') return Math.floor((day + 3 - plan.weekStart) / 7)
  if (plan.freq === 'DAILY') return day
  const { year, month } = civil(day)
  return plan.freq === 'YEARLY' ? year : year * 12 + month - 1
}

/** The first day of a period. */
export function periodStart(plan: Plan, period: number): number {
  if (plan.freq === 'WEEKLY') return period * 7 - 3 + plan.weekStart
  if (plan.freq === 'DAILY') return period
  return plan.freq === 'YEARLY'
    ? dayNumber(period, 1, 1)
    : dayNumber(Math.floor(period / 12), (period % 12) + 1, 1)
}

/** The dates of a period as day numbers, ascending, each once. With SKIP a date may lie just outside its period. */
export function datesOf(plan: Plan, period: number): number[] {
  if (plan.freq === 'DAILY') return dayFits(plan, period) ? [period] : []
  if (plan.freq === 'WEEKLY') {
    const first = periodStart(plan, period)
    const days = [0, 1, 2, 3, 4, 5, 6].map((offset) => first + offset)
    return days.filter((day) => dayFits(plan, day))
  }
  if (plan.freq === 'YEARLY') return yearDates(plan, period)
  const month = (period % 12) + 1
  return hasMonth(plan, month) ? sorted(monthDates(plan, Math.floor(period / 12), month)) : []
}

/** Whether a day passes the parts that only limit, for rules that count in days, weeks or less. */
export function dayFits(plan: Plan, day: number): boolean {
  if (plan.weekdays !== 0 && (plan.weekdays & (1 << weekday(day))) === 0) return false
  if (plan.months === 0 && !plan.monthDays && !plan.yearDays) return true
  const date = civil(day)
  if (!hasMonth(plan, date.month)) return false
  if (plan.monthDays && !hasDay(plan.monthDays, date.day, monthDays(date.year, date.month))) return false
  return !plan.yearDays || hasDay(plan.yearDays, day - dayNumber(date.year, 1, 1) + 1, yearDays(date.year))
}

/** The day after, or the first of the next month that BYMONTH names when this one is not among them. */
export function nextFittingMonth(plan: Plan, day: number): number {
  const { year, month } = civil(day)
  if (hasMonth(plan, month)) return day + 1
  let next = month + 1
  while (next <= 12 && !hasMonth(plan, next)) next++
  return next <= 12 ? dayNumber(year, next, 1) : dayNumber(year + 1, 1, 1)
}

function yearDates(plan: Plan, year: number): number[] {
  const byMonths = !plan.yearDays && !plan.weekNos
  if (byMonths && (plan.monthDays || plan.months !== 0)) {
    const days: number[] = []
    for (let month = 1; month <= 12; month++)
      if (hasMonth(plan, month)) days.push(...monthDates(plan, year, month))
    return sorted(days)
  }
  const first = dayNumber(year, 1, 1)
  const length = yearDays(year)
  let days: number[]
  if (plan.yearDays) days = placed(plan, plan.yearDays, first, length)
  else if (plan.weekNos) days = weekDates(plan, year)
  else return sorted(weekdayDates(plan, first, length))
  return sorted(days).filter((day) => limitsOfYear(plan, year, day))
}

/** BYYEARDAY and BYWEEKNO give the days, every other part only takes some away. */
function limitsOfYear(plan: Plan, year: number, day: number): boolean {
  const date = civil(day)
  if (!hasMonth(plan, date.month)) return false
  if (plan.monthDays && !hasDay(plan.monthDays, date.day, monthDays(date.year, date.month))) return false
  if (plan.yearDays && plan.weekNos && !weekDates(plan, year).includes(day)) return false
  if (plan.weekdays === 0 && plan.nths.length === 0) return true
  const inMonth = plan.months !== 0
  const first = inMonth ? dayNumber(date.year, date.month, 1) : dayNumber(year, 1, 1)
  return weekdayFits(plan, day, first, inMonth ? monthDays(date.year, date.month) : yearDays(year))
}

function monthDates(plan: Plan, year: number, month: number): number[] {
  const first = dayNumber(year, month, 1)
  const length = monthDays(year, month)
  if (!plan.monthDays) return weekdayDates(plan, first, length)
  const days = placed(plan, plan.monthDays, first, length)
  if (plan.weekdays === 0 && plan.nths.length === 0) return days
  const whole = plan.freq === 'YEARLY' && plan.months === 0
  return days.filter((day) =>
    whole
      ? weekdayFits(plan, day, dayNumber(year, 1, 1), yearDays(year))
      : weekdayFits(plan, day, first, length),
  )
}

/** Places day numbers, from the end when negative, in a month or a year; SKIP decides about those it does not have. */
function placed(plan: Plan, numbers: readonly number[], first: number, length: number): number[] {
  const days: number[] = []
  for (const number of numbers) {
    const offset = number > 0 ? number - 1 : length + number
    if (offset >= 0 && offset < length) days.push(first + offset)
    else if (plan.skip === 'BACKWARD') days.push(offset < 0 ? first - 1 : first + length - 1)
    else if (plan.skip === 'FORWARD') days.push(offset < 0 ? first : first + length)
  }
  return days
}

function weekdayDates(plan: Plan, first: number, length: number): number[] {
  const days: number[] = []
  if (plan.weekdays !== 0) {
    let bit = 1 << weekday(first)
    for (let day = first; day < first + length; day++) {
      if ((plan.weekdays & bit) !== 0) days.push(day)
      bit = bit === 64 ? 1 : bit << 1
    }
  }
  for (const { weekday: wanted, nth } of plan.nths) {
    const last = first + length - 1
    const day =
      nth > 0
        ? first + modulo(wanted - weekday(first), 7) + (nth - 1) * 7
        : last - modulo(weekday(last) - wanted, 7) + (nth + 1) * 7
    if (day >= first && day <= last) days.push(day)
  }
  return days
}

function weekdayFits(plan: Plan, day: number, first: number, length: number): boolean {
  const own = weekday(day)
  if ((plan.weekdays & (1 << own)) !== 0) return true
  const before = Math.floor((day - first) / 7) + 1
  const after = Math.floor((first + length - 1 - day) / 7) + 1
  return plan.nths.some(({ weekday, nth }) => weekday === own && (nth > 0 ? nth === before : -nth === after))
}

/** The days of the calendar year that lie in one of the weeks, those of the neighbour years' weeks included. */
function weekDates(plan: Plan, year: number): number[] {
  const first = dayNumber(year, 1, 1)
  const end = first + yearDays(year)
  const days: number[] = []
  for (const weekYear of [year - 1, year, year + 1]) {
    const start = weekOne(plan, weekYear)
    const weeks = (weekOne(plan, weekYear + 1) - start) / 7
    for (const number of plan.weekNos ?? []) {
      const week = number > 0 ? number : weeks + 1 + number
      // Of a neighbour year only its first and last weeks reach over.
      if (week < 1 || week > weeks || (weekYear !== year && week > 1 && week < 52)) continue
      for (let day = start + (week - 1) * 7; day < start + week * 7; day++)
        if (day >= first && day < end) days.push(day)
    }
  }
  return days
}

/** Week 1 is the first with at least four days in the year. */
function weekOne(plan: Plan, year: number): number {
  const fourth = dayNumber(year, 1, 4)
  return fourth - modulo(weekday(fourth) - plan.weekStart, 7)
}

function hasMonth(plan: Plan, month: number): boolean {
  return plan.months === 0 || (plan.months & (1 << month)) !== 0
}

/** Whether a list of numbers, negative ones counted from the end, has this one. */
export function hasDay(numbers: readonly number[], day: number, length: number): boolean {
  return numbers.includes(day) || numbers.includes(day - length - 1)
}

function sorted(days: number[]): number[] {
  // Most sets come in order: looking is cheaper than sorting.
  let ascending = true
  for (let index = 1; index < days.length; index++) if (days[index]! <= days[index - 1]!) ascending = false
  return ascending ? days : [...new Set(days)].toSorted((a, b) => a - b)
}
