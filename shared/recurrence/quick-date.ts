/** Reads "tomorrow", "next friday", "1 march", "in 3 weeks", "9am", "at 17:30" and their like. */
import { monthDays } from './civil.ts'
import { countWord, monthWord, ordinalWord, unitWord, weekdayWord, type Word } from './quick-words.ts'
import { weekdays, type Weekday } from './rule.ts'

export type DateMatch = { date: Temporal.PlainDate; length: number }
export type TimeMatch = { time: Temporal.PlainTime; length: number }

/** Matches a date at a word, the next one that fits from `today` on. A day that does not exist is no match. */
export function matchDate(
  words: readonly Word[],
  at: number,
  today: Temporal.PlainDate,
): DateMatch | undefined {
  const text = words[at]?.text
  const next = words[at + 1]?.text
  if (text === 'on' || text === 'this') {
    const found = text === 'on' ? namedDate(words, at + 1, today) : weekdayDate(next, today)
    return found && { ...found, length: found.length + 1 }
  }
  if (text === 'today') return { date: today, length: 1 }
  if (text === 'tomorrow') return { date: today.add({ days: 1 }), length: 1 }
  if (text === 'day after tomorrow') return { date: today.add({ days: 2 }), length: 1 }
  if (text === 'in') return distance(words, at, today)
  if (text === 'next') {
    const monday = today.add({ days: 8 - today.dayOfWeek })
    if (next === 'week') return { date: monday, length: 2 }
    const day = weekdayWord(next, true)
    return day && { date: monday.add({ days: weekdays.indexOf(day) }), length: 2 }
  }
  return namedDate(words, at, today)
}

function namedDate(words: readonly Word[], at: number, today: Temporal.PlainDate): DateMatch | undefined {
  const text = words[at]?.text
  if (text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text)) return existing(text, 1)
  return weekdayDate(text, today) ?? dottedDate(text, today) ?? dayOfMonth(words, at, today)
}

function weekdayDate(text: string | undefined, today: Temporal.PlainDate): DateMatch | undefined {
  const day: Weekday | undefined = text?.endsWith('days') ? undefined : weekdayWord(text, false)
  if (day === undefined) return undefined
  const days = (weekdays.indexOf(day) + 1 - today.dayOfWeek + 7) % 7
  return { date: today.add({ days: days === 0 ? 7 : days }), length: 1 }
}

/** "1 march", "1st of march 2027", "march 1". A month alone is a word like any other (may, march). */
function dayOfMonth(words: readonly Word[], at: number, today: Temporal.PlainDate): DateMatch | undefined {
  const of = words[at + 1]?.text === 'of' ? 1 : 0
  const leading = monthWord(words[at]?.text)
  const month = leading ?? monthWord(words[at + 1 + of]?.text)
  const dayText = words[leading === undefined ? at : at + 1]?.text
  const day =
    ordinalWord(dayText) ?? (dayText !== undefined && /^\d{1,2}$/.test(dayText) ? Number(dayText) : undefined)
  if (month === undefined || day === undefined || day < 1 || day > monthDays(2_000, month)) return undefined
  const length = leading === undefined ? 2 + of : 2
  const yearText = words[at + length]?.text
  if (yearText !== undefined && /^(19|2[01])\d\d$/.test(yearText))
    return existing(dateOf(Number(yearText), month, day), length + 1)
  return nextDate(month, day, today, length)
}

/** "24.12.", "24.12.2027". */
function dottedDate(text: string | undefined, today: Temporal.PlainDate): DateMatch | undefined {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.((?:19|2[01])\d\d)?$/.exec(text ?? '') ?? []
  if (year !== undefined) return existing(dateOf(Number(year), Number(month), Number(day)), 1)
  return month === undefined ? undefined : nextDate(Number(month), Number(day), today, 1)
}

function nextDate(
  month: number,
  day: number,
  today: Temporal.PlainDate,
  length: number,
): DateMatch | undefined {
  // 29 February may be years away.
  for (let year = today.year; year <= today.year + 8; year++) {
    const found = existing(dateOf(year, month, day), length)
    if (found && Temporal.PlainDate.compare(found.date, today) >= 0) return found
  }
  return undefined
}

function distance(words: readonly Word[], at: number, today: Temporal.PlainDate): DateMatch | undefined {
  const first = words[at + 1]?.text
  const number = first === 'a' ? 1 : first === 'other' ? undefined : countWord(first)
  const unit = unitWord(words[at + 2]?.text)
  if (number === undefined || unit === undefined || unit === 'HOURLY' || unit === 'MINUTELY') return undefined
  const field = ({ DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const)[unit]
  return { date: today.add({ [field]: number }), length: 3 }
}

function dateOf(year: number, month: number, day: number): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function existing(text: string, length: number): DateMatch | undefined {
  try {
    return { date: Temporal.PlainDate.from(text), length }
  } catch {
    return undefined
  }
}

/** Matches "9am", "9:30 pm", "17:30", "9 o'clock", each with or without "at", and "at noon". A bare number is no time. */
export function matchTime(words: readonly Word[], at: number): TimeMatch | undefined {
  if (words[at]?.text === 'at noon') return { time: new Temporal.PlainTime(12), length: 1 }
  const lead = words[at]?.text === 'at' ? 1 : 0
  const text = words[at + lead]?.text ?? ''
  if (lead === 1 && text === 'noon') return { time: new Temporal.PlainTime(12), length: 2 }
  const following = words[at + lead + 1]?.text
  const isHour = following === "o'clock"
  const match = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(isHour ? text.replace('.', ':') : text)
  if (!match) return undefined
  const half = match[3] ?? (following === 'am' || following === 'pm' ? following : undefined)
  if (match[2] === undefined && half === undefined && !isHour) return undefined
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)]
  if (minute > 59 || (half === undefined ? hour > 23 : hour < 1 || hour > 12)) return undefined
  const length = lead + (isHour || (half !== undefined && match[3] === undefined) ? 2 : 1)
  return {
    time: new Temporal.PlainTime(half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0), minute),
    length,
  }
}
