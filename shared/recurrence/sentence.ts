/** A rule as a sentence. What it takes from a language is in `phrases.ts`. */
import type { Language } from '../contract/language.ts'
import { parsePoint } from './check.ts'
import { civil, daySeconds } from './civil.ts'
import type { Due } from './due.ts'
import { explicitRule } from './explicit.ts'
import { listOf } from './list.ts'
import { phrases, type Phrases } from './phrases.ts'
import { weekdays, type Rule, type Weekday } from './rule.ts'

/** "Every 2 weeks on Monday and Thursday until 31 Dec 2026". With the start it also says what the rule takes from it. */
export function sentenceOf(rule: Rule, start?: Due, language: Language = 'en'): string {
  const say = phrases[language]
  const parts = [
    isWorkingWeek(rule) && (rule.interval ?? 1) === 1
      ? say.everyWorkday
      : say.every(rule.freq, rule.interval ?? 1),
    ...whenParts(start ? explicitRule(rule, start) : rule, say),
    timePart(rule, say),
    endWords(rule, language),
  ]
  // Some parts of some languages begin with a comma.
  return parts.filter(Boolean).join(' ').replaceAll(' ,', ',')
}

/** Monday to Friday, by days or weeks. */
function isWorkingWeek({ freq, byDay, bySetPos }: Rule): boolean {
  const days = new Set(byDay?.map(({ day, nth }) => (nth === undefined ? day : undefined)))
  const all = days.size === 5 && weekdays.slice(0, 5).every((day) => days.has(day))
  return all && !bySetPos && (freq === 'DAILY' || freq === 'WEEKLY')
}

function whenParts(rule: Rule, say: Phrases): string[] {
  const { byMonth, byMonthDay, byDay, byYearDay, byWeekNo, bySetPos } = rule
  const both = (items: readonly string[]) => listOf(items, say.and)
  const parts: string[] = []
  if (byMonth?.length === 1 && byMonthDay?.length === 1 && byMonthDay[0]! > 0 && !byDay)
    return [say.onDate(byMonthDay[0]!, say.months[byMonth[0]! - 1]!), shorter(rule, say)]
  if (byYearDay) parts.push(say.onYearDays(byYearDay.map(say.place)))
  if (byWeekNo) parts.push(say.inWeeks(both(byWeekNo.map(say.week))))
  if (byMonthDay) parts.push(say.onThe(both(dayRanges(byMonthDay, say))), shorter(rule, say))
  else if (byDay && bySetPos) parts.push(say.onThe(`${both(bySetPos.map(say.place))} ${setName(byDay, say)}`))
  else if (byDay && !isWorkingWeek(rule)) parts.push(say.on(both(byDay.map((item) => dayName(item, say)))))
  else if (byDay && (rule.interval ?? 1) > 1) parts.push(say.onWorkdays)
  if (byMonth) parts.push(say.inMonths(both(byMonth.map((month) => say.months[month - 1]!))))
  if (byMonthDay && byDay) parts.push(say.ifItIs(byDay.map((item) => dayName(item, say))))
  if (bySetPos && (!byDay || byMonthDay)) parts.push(say.onlyThe(both(bySetPos.map(say.place))))
  return parts
}

/** 1st, 15th, last day; three or more in a row as 2nd to 8th. */
function dayRanges(days: readonly number[], say: Phrases): string[] {
  const runs: number[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    if (run && day > 0 && run.at(-1) === day - 1) run.push(day)
    else runs.push([day])
  }
  return runs.flatMap((run) =>
    run.length > 2
      ? [say.days(say.monthDay(run[0]!), say.monthDay(run.at(-1)!))]
      : run.map((day) => say.monthDay(day)),
  )
}

const weekdayName = (day: Weekday, say: Phrases) => say.weekdays[weekdays.indexOf(day)]!

function dayName({ day, nth }: { day: Weekday; nth?: number }, say: Phrases): string {
  const name = weekdayName(day, say)
  return nth === undefined ? name : say.nthWeekday(say.place(nth), name)
}

function setName(items: readonly { day: Weekday }[], say: Phrases): string {
  const set = new Set(items.map(({ day }) => day))
  if (set.size === 7) return say.day
  if (set.size === 5 && !set.has('SA') && !set.has('SU')) return say.workday
  return listOf(
    [...set].map((day) => weekdayName(day, say)),
    say.or,
  )
}

function shorter({ skip, byMonthDay = [], byMonth, freq }: Rule, say: Phrases): string {
  const late = byMonthDay.some((day) => day > 28)
  if (!late || skip === undefined || skip === 'OMIT') return ''
  const isLeapDay = freq === 'YEARLY' && byMonth?.length === 1 && byMonth[0] === 2
  return (isLeapDay ? say.commonYears : say.shorter)[skip]
}

function timePart({ freq, byHour, byMinute }: Rule, say: Phrases): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = byMinute ? say.atMinutes(listOf(byMinute.map(String), say.and)) : ''
  if (freq === 'MINUTELY' || freq === 'HOURLY') {
    const hours = byHour
      ? say.duringHours(
          listOf(
            byHour.map((hour) => `${two(hour)}:00`),
            say.and,
          ),
        )
      : ''
    return [minutes, hours].filter(Boolean).join(' ')
  }
  if (!byHour) return minutes
  const times = byHour.flatMap((hour) => (byMinute ?? [0]).map((minute) => `${two(hour)}:${two(minute)}`))
  return say.atTimes(listOf(times, say.and))
}

/** "for 10 times", "until 31 Dec 2026"; nothing of a rule without end. */
export function endWords({ count, until }: Pick<Rule, 'count' | 'until'>, language: Language): string {
  const say = phrases[language]
  if (count !== undefined) return say.times(count)
  if (until === undefined) return ''
  const point = parsePoint(until, 'UNTIL')
  const days =
    point.kind === 'date'
      ? point.day
      : Math.floor((point.kind === 'local' ? point.local : point.epoch) / daySeconds)
  const { year, month, day } = civil(days)
  return say.until(day, say.months[month - 1]!, year)
}
