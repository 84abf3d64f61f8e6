/** Whether what was read is all that a line says about time. A wrong date is far worse than one that was not read. */
import { matchDate, matchTime } from './quick-date.ts'
import { adverbs } from './quick-rule.ts'
import {
  countWord,
  isWorkday,
  monthWord,
  ordinalWord,
  unitWord,
  weekdayWord,
  type Word,
} from './quick-words.ts'
import type { Rule } from './rule.ts'

/** A piece that was read, by the places of its words: `next` is the first behind it. */
export type Piece = { kind: 'recurrence' | 'date' | 'time' | 'start' | 'end'; at: number; next: number }

const joiners = new Set(['and', '&', 'or', 'but', 'to', 'until', 'through', '-', '–', '—'])
/** What leads a date or a time, and joins it to another before it. */
const links = new Set(['until', 'from', 'before'])
const deadlines = new Set(['due', 'by', 'until', 'before'])
const fillers = new Set(['on', 'the', 'at', 'in', 'not'])
/** What makes another day of the day that follows. */
const shifts = new Set(['every', 'every!', 'after', 'since', 'after next', 'next to last'])
/** Before a month or a week, a part of it; before a rule, more than it says. */
const portions = new Set(['beginning', 'middle', 'mid', 'end', 'late', 'times', 'twice'])
const halves = new Set(['half', 'quarter', 'past'])
const late = new Set(['pm', 'evening', 'afternoon', 'night', 'tonight'])
const unreadPeriods = new Set([...late, 'morning', 'noon', 'lunch', 'quarter', 'fortnight'])

/** False where a word that was left stands beside a piece, or between two, and belongs to the same phrase. */
export function isWhole(
  words: readonly Word[],
  pieces: readonly Piece[],
  today: Temporal.PlainDate,
  { rule, time }: { rule?: Rule; time?: Temporal.PlainTime },
): boolean {
  const taken = new Set(
    pieces.flatMap(({ at, next }) => [...Array(next - at).keys()].map((place) => at + place)),
  )
  const text = (at: number): string => words[at]?.text ?? ''
  const left = (at: number): string => (taken.has(at) ? '' : text(at))
  const pastFillers = (at: number): number => (fillers.has(left(at)) ? pastFillers(at + 1) : at)
  const tells = (at: number) => left(at) !== '' && tellsTime(words, at, today)
  const isAmount = (at: number) =>
    /^\d/.test(left(at)) ||
    halves.has(left(at)) ||
    (countWord(left(at)) !== undefined && left(at) !== 'other')
  const isLate = (at: number) => late.has(left(at)) && time !== undefined && time.hour < 12
  const isDay = (at: number) => weekdayWord(left(at), false) !== undefined || left(at).startsWith('every ')
  const isDays = (at: number) => ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(unitWord(left(at)) ?? '')
  const isOrdinal = (at: number, spelled: boolean) =>
    ordinalWord(left(at)) !== undefined && (spelled || /^\d/.test(left(at)))
  const joins = (joiner: number, other: number) =>
    left(joiner) === 'except' ||
    (joiners.has(left(joiner)) && (taken.has(other) || tells(other) || isAmount(other)))

  const goesOn = ({ kind, next }: Piece): boolean => {
    const after = pastFillers(next)
    return (
      joins(next, pastFillers(next + 1)) ||
      isDay(after) ||
      isOrdinal(after, kind === 'recurrence') ||
      (['in', 'of'].includes(left(next)) && tells(pastFillers(next + 1))) ||
      (['next', 'this'].includes(left(next)) && tells(next)) ||
      (left(next) === 'for' && rule !== undefined && [2, 3, 4].some((place) => isDays(next + place))) ||
      (kind === 'time' && isLate(after)) ||
      (kind === 'date' && unitWord(left(next)) === 'WEEKLY')
    )
  }
  const beganBefore = ({ kind, at }: Piece): boolean => {
    const before = at - 1
    const isWeekday = weekdayWord(text(text(at) === 'on' ? at + 1 : at), true) !== undefined
    return (
      joins(before, before - 1) ||
      isDay(before) ||
      isOrdinal(before, kind === 'recurrence' || isWeekday) ||
      portions.has(left(left(before) === 'of' ? before - 1 : before)) ||
      (kind === 'recurrence' && left(before) === 'of') ||
      (kind !== 'end' && links.has(text(at)) && (tells(before) || isAmount(before))) ||
      (kind === 'date' &&
        (shifts.has(left(before)) || (isWeekday && unitWord(left(before)) !== undefined))) ||
      (kind === 'time' && (isLate(before) || halves.has(left(before)))) ||
      (kind === 'time' && left(before) === 'after' && isAmount(before - 1))
    )
  }
  const isUnreadRule = (at: number) =>
    ['every', 'every!'].includes(left(at)) && (tells(at + 1) || unreadPeriods.has(text(at + 1)))

  /** A deadline, a second date, or a day of the month elsewhere in the line. */
  const contradicts = ({ freq, byMonth, byMonthDay, byDay }: Rule): boolean => {
    const date = pieces.find(({ kind }) => kind === 'date')
    if (date && (byMonth !== undefined || deadlines.has(text(date.at)))) return true
    if ((freq !== 'MONTHLY' && freq !== 'YEARLY') || byMonthDay || byDay) return false
    const isWeekday = date && weekdayWord(text(date.next - 1), true) !== undefined
    return (
      isWeekday === true ||
      words.some((_, at) => isOrdinal(at, isWorkday(text(at + 1)) || unitWord(text(at + 1)) === 'DAILY'))
    )
  }

  if (pieces.length === 0) return true
  const isPart = pieces.some((piece) => goesOn(piece) || beganBefore(piece))
  return !isPart && !words.some((_, at) => isUnreadRule(at)) && !(rule && contradicts(rule))
}

/** Whether a word begins or ends something about time. */
function tellsTime(words: readonly Word[], at: number, today: Temporal.PlainDate): boolean {
  const text = words[at]?.text ?? ''
  const unit = unitWord(words[at + 1]?.text)
  return (
    weekdayWord(text, true) !== undefined ||
    monthWord(text) !== undefined ||
    ordinalWord(text) !== undefined ||
    unitWord(text) !== undefined ||
    adverbs.has(text) ||
    ['every', 'today', 'tomorrow', 'am', 'pm', "o'clock"].includes(text) ||
    (unit !== undefined && (countWord(text) !== undefined || ['a', 'next', 'this'].includes(text))) ||
    matchTime(words, at) !== undefined ||
    matchDate(words, at, today) !== undefined
  )
}
