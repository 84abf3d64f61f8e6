/** What a language brings to the sentences about a rule. */
import type { Language } from '../contract/language.ts'
import { german } from './phrases-german.ts'
import { english } from './phrases-english.ts'
import type { Rule } from './rule.ts'

export type Phrases = {
  /** From Monday on, and from January on. */
  weekdays: readonly string[]
  months: readonly string[]
  and: string
  or: string
  every: (freq: Rule['freq'], interval: number) => string
  everyWorkday: string
  onWorkdays: string
  /** What a set of weekdays is called that is all of them, or Monday to Friday. */
  day: string
  workday: string
  /** 1st, last, second-to-last: as it stands before a noun. */
  place: (position: number) => string
  nthWeekday: (place: string, weekday: string) => string
  /** A day of the month, counted from its end when negative, and a run of them. */
  monthDay: (day: number) => string
  days: (first: string, last: string) => string
  onDate: (day: number, month: string) => string
  onThe: (list: string) => string
  on: (list: string) => string
  onYearDays: (places: readonly string[]) => string
  /** A week of the year, counted from its end when negative. */
  week: (week: number) => string
  inWeeks: (list: string) => string
  inMonths: (list: string) => string
  ifItIs: (weekdays: readonly string[]) => string
  onlyThe: (list: string) => string
  /** What becomes of a day that a month does not have, or of 29 February. */
  shorter: { BACKWARD: string; FORWARD: string }
  commonYears: { BACKWARD: string; FORWARD: string }
  atTimes: (list: string) => string
  atMinutes: (list: string) => string
  duringHours: (list: string) => string
  times: (count: number) => string
  until: (day: number, month: string, year: number) => string
  afterCompletion: string
  /** Why a date is not where one would expect it. */
  notes: {
    clocksForward: string
    clocksBack: string
    noLeapDay: string
    noDay: (day: number) => string
    fewerDays: (days: number) => string
    noDay366: string
  }
}

export const phrases: Record<Language, Phrases> = { en: english, de: german }
