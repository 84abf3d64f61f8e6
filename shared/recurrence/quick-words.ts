/** The words of a line that somebody types, and the names that mean something in them. */
import type { Language } from '../contract/language.ts'
import { fromGerman, withoutGermanEnd } from './quick-german.ts'
import type { Weekday } from './rule.ts'

/** A whole word in small letters and in English, with its place in the text. */
export type Word = { text: string; start: number; end: number }

export type Range = { start: number; end: number }

/** Splits a text into words. What stands in quotes or in `literal` is one word that matches nothing. */
export function wordsOf(text: string, literal: readonly Range[], language: Language): Word[] {
  return [...text.matchAll(/"[^"]*"|[^\s"]+/g)].map((match) => {
    const raw = match[0]
    const bare = language === 'de' ? withoutGermanEnd(raw) : raw.replace(/[,.;:?]+$/, '')
    const [start, end] = [match.index, match.index + bare.length]
    const kept = raw.startsWith('"') || literal.some((range) => range.start < end && start < range.end)
    const word = bare.toLowerCase()
    return {
      text: kept ? '' : language === 'de' ? fromGerman(word) : word,
      start,
      end: kept ? start + raw.length : end,
    }
  })
}

export const weekdayWords: readonly [Weekday, string, readonly string[]][] = [
  ['MO', 'monday', ['mon']],
  ['TU', 'tuesday', ['tue', 'tues']],
  ['WE', 'wednesday', ['wed']],
  ['TH', 'thursday', ['thu', 'thur', 'thurs']],
  ['FR', 'friday', ['fri']],
  ['SA', 'saturday', ['sat']],
  ['SU', 'sunday', ['sun']],
]

/** A weekday by its whole name. Short ones are English words too (sun, sat, wed): only where a weekday must follow. */
export function weekdayWord(text: string | undefined, short: boolean): Weekday | undefined {
  const plural = text?.endsWith('days') ? text.slice(0, -1) : text
  return weekdayWords.find(
    ([, name, shorts]) => name === plural || (short && shorts.some((word) => word === text)),
  )?.[0]
}

const monthWords = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const monthsInFull =
  'january february march april may june july august september october november december'.split(' ')

/** 1 to 12. */
export function monthWord(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const index = monthsInFull.includes(text)
    ? monthsInFull.indexOf(text)
    : monthWords.indexOf(text === 'sept' ? 'sep' : text)
  return index === -1 ? undefined : index + 1
}

const ordinalWords = new Map([
  ['first', 1],
  ['second', 2],
  ['third', 3],
  ['fourth', 4],
  ['fifth', 5],
  ['last', -1],
])

/** `3rd`, `third` or `last` (-1), up to 31. */
export function ordinalWord(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const digits = /^(\d{1,2})(st|nd|rd|th)$/.exec(text)?.[1]
  const number = digits === undefined ? ordinalWords.get(text) : Number(digits)
  return number !== undefined && number !== 0 && number <= 31 ? number : undefined
}

/** `2`, `two`, `other` (2), up to 1,000. */
export function countWord(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'other') return 2
  const spelled =
    ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].indexOf(text) + 1
  const number = /^\d{1,4}$/.test(text) ? Number(text) : spelled
  return number >= 1 && number <= 1_000 ? number : undefined
}

export type Unit = 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

const unitWords = new Map<string, Unit>([
  ['minute', 'MINUTELY'],
  ['hour', 'HOURLY'],
  ['day', 'DAILY'],
  ['week', 'WEEKLY'],
  ['month', 'MONTHLY'],
  ['year', 'YEARLY'],
])

export function unitWord(text: string | undefined): Unit | undefined {
  return unitWords.get(text?.replace(/s$/, '') ?? '')
}

export function isWorkday(text: string | undefined): boolean {
  return text === 'workday' || text === 'workdays' || text === 'weekday' || text === 'weekdays'
}
