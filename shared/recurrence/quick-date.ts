/** Reads "tomorrow", "next friday", "1 march", "in 3 weeks", "9am", "at 17:30" and their like. */
import { monthDays } from './civil.ts'
import { yearMax } from './due.ts'
import { countWord, monthWord, ordinalWord, unitWord, weekdayWord, type Word } from './quick-words.ts'
import { weekdays, type Weekday } from './rule.ts'

export type DateMatch = { date: Temporal.PlainDate; length: number }
export type TimeMatch = { time: Temporal.PlainTime; length: number }

/**
 * Matches a date at a word with what leads to it ("on", "due by"), the next one that fits from `today` on. A day that does not
 * exist, or that lies beyond the years of the engine, is no match.
 */
export function matchDate(
  words: readonly Word[],
  at: number,
  today: Temporal.PlainDate,
): DateMatch | undefined {
  const start = afterLead(words, at)
  const found = dateAt(words, start, today)
  return found && found.date.year <= yearMax
    ? { date: found.date, length: found.length + start - at }
    : undefined
}

const leads = new Set(['by', 'before', 'until', 'starting', 'from'])

function afterLead(words: readonly Word[], at: number): number {
  const due = words[at]?.text === 'due' ? at + 1 : at
  return leads.has(words[due]?.text ?? '') ? due + 1 : due
}

function dateAt(words: readonly Word[], at: number, today: Temporal.PlainDate): DateMatch | undefined {
  const text = words[at]?.text
  const next = words[at + 1]?.text
  if (text === 'on' || text === 'this') {
    const found = text === 'on' ? namedDate(words, at + 1, today) : weekdayDate(next, today)
    return found && { ...found, length: found.length + 1 }
  }
  if (text === 'today') return { date: today, length: 1 }
  if (text === 'tomorrow' && !mornings.has(words[at - 1]?.text ?? ''))
    return { date: today.add({ days: 1 }), length: 1 }
  const after = ['the day after tomorrow', 'day after tomorrow'].find((phrase) => reads(words, at, phrase))
  if (after !== undefined || text === 'day after tomorrow')
    return { date: today.add({ days: 2 }), length: after?.split(' ').length ?? 1 }
  if (text === 'in') return distance(words, at, today)
  if (text !== 'next') return namedDate(words, at, today)
  if (next === 'week') {
    const of = words[at + 2]?.text === 'on' ? 3 : 2
    const day = weekdayWord(words[at + of]?.text, false)
    return day ? { date: nextWeek(today, day), length: of + 1 } : { date: nextWeek(today, 'MO'), length: 2 }
  }
  const day = weekdayWord(next, true)
  return day && { date: nextWeek(today, day), length: 2 }
}

/** What stands before a "Morgen" that is the morning, or a "tomorrow" that is a name ("The Tomorrow War"). */
const mornings = new Set(['every', 'on', 'the', 'this', 'next', 'a', 'guten', 'schönen', 'today'])

const reads = (words: readonly Word[], at: number, phrase: string): boolean =>
  phrase.split(' ').every((word, place) => words[at + place]?.text === word)

const nextWeek = (today: Temporal.PlainDate, day: Weekday): Temporal.PlainDate =>
  today.add({ days: 8 - today.dayOfWeek + weekdays.indexOf(day) })

/** A weekday gives way to the date after it ("monday, the 7th of december"); a short one counts only beside a date or a time. */
function namedDate(words: readonly Word[], at: number, today: Temporal.PlainDate): DateMatch | undefined {
  const text = words[at]?.text
  const short = text?.endsWith('days') ? undefined : weekdayWord(text, true)
  if (short === undefined) return writtenDate(words, at, today)
  const written = writtenDate(words, at + 1, today)
  if (written) return { ...written, length: written.length + 1 }
  const found = weekdayDate(text, today)
  if (found && reads(words, at + 1, 'next week')) return { date: nextWeek(today, short), length: 3 }
  return found ?? (isBesideTime(words, at) ? comingDate(short, today) : undefined)
}

function isBesideTime(words: readonly Word[], at: number): boolean {
  return (
    matchTime(words, at + 1) !== undefined ||
    [1, 2, 3, 4].some((length) => matchTime(words, at - length)?.length === length)
  )
}

/** "7 december", "the 7th of december", "7.12.", "2026-12-07". */
function writtenDate(words: readonly Word[], at: number, today: Temporal.PlainDate): DateMatch | undefined {
  const start = words[at]?.text === 'the' ? at + 1 : at
  const text = words[start]?.text ?? ''
  const found = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? existing(text, 1)
    : (dottedDate(text, today) ?? dayOfMonth(words, start, today))
  return found && { ...found, length: found.length + start - at }
}

function weekdayDate(text: string | undefined, today: Temporal.PlainDate): DateMatch | undefined {
  const day: Weekday | undefined = text?.endsWith('days') ? undefined : weekdayWord(text, false)
  return day && comingDate(day, today)
}

function comingDate(day: Weekday, today: Temporal.PlainDate): DateMatch {
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

/**
 * Matches "9am", "9:30 pm", "17:30", "9 o'clock", each with or without "at", "by" and their like, and "at noon". A bare number
 * is no time.
 */
export function matchTime(words: readonly Word[], at: number): TimeMatch | undefined {
  const led = afterLead(words, at)
  if (words[led]?.text === 'at noon') return { time: new Temporal.PlainTime(12), length: led + 1 - at }
  const start = words[led]?.text === 'at' ? led + 1 : led
  const text = words[start]?.text ?? ''
  if (start > at && text === 'noon') return { time: new Temporal.PlainTime(12), length: start + 1 - at }
  const isHour = words[start + 1]?.text === "o'clock"
  const match = /^(\d{1,2})(?::(\d{2}))?(am|pm)?$/.exec(isHour ? text.replace('.', ':') : text)
  if (!match) return undefined
  let next = start + (isHour ? 2 : 1)
  const minutes = match[2] ?? (isHour ? minutesAt(words, next) : undefined)
  if (isHour && match[2] === undefined && minutes !== undefined) next++
  const following = words[next]?.text
  const half = match[3] ?? (following === 'am' || following === 'pm' ? following : undefined)
  if (half !== undefined && match[3] === undefined) next++
  if (minutes === undefined && half === undefined && !isHour) return undefined
  const [hour, minute] = [Number(match[1]), Number(minutes ?? 0)]
  // "20 Uhr abends" says twice what it means.
  const isTwelve = half !== undefined && !(isHour && hour > 12)
  if (minute > 59 || (isTwelve ? hour < 1 || hour > 12 : hour > 23)) return undefined
  const time = new Temporal.PlainTime(isTwelve ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour, minute)
  return { time, length: next - at }
}

/** The 30 of "9 Uhr 30", but not of "9 Uhr 30 Minuten". */
function minutesAt(words: readonly Word[], at: number): string | undefined {
  const text = words[at]?.text ?? ''
  return /^[0-5]\d$/.test(text) && unitWord(words[at + 1]?.text) === undefined ? text : undefined
}
