/** Reads "every 3rd monday", "every! 10 days", "every last workday" and their like. */
import { monthDays as lengthOfMonth } from './civil.ts'
import {
  countWord,
  isWorkday,
  monthWord,
  ordinalWord,
  unitWord,
  weekdayWord,
  weekdayWords,
  type Word,
} from './quick-words.ts'
import { weekdays, type Rule, type WeekdayRule } from './rule.ts'

/** A rule that some words mean, how many words, and whether it counts from completion. */
export type RuleMatch = { rule: Rule; length: number; completion: boolean }

type Found = { rule: Rule; next: number }

const working: readonly WeekdayRule[] = weekdays.slice(0, 5).map((day) => ({ day }))

/** Matches at a word; nothing when the words there mean no rule. */
export function matchRule(words: readonly Word[], at: number): RuleMatch | undefined {
  const text = words[at]?.text
  if (text === 'every' || text === 'every!') {
    const found = everyThing(words, at + 1)
    return found && { rule: found.rule, length: found.next - at, completion: text === 'every!' }
  }
  const adverb = adverbs.get(text ?? '')
  const found = adverb ? adverbial(words, at, adverb) : placeOfEveryMonth(words, at)
  return found && { rule: found.rule, length: found.next - at, completion: false }
}

/** "monthly on the 31st", "every monday" as one word with others like it, or an adverb alone. */
function adverbial(words: readonly Word[], at: number, rule: Rule): Found {
  const days = rule.byDay?.length === 1 ? weekdayList(words, at, 1) : undefined
  return days ?? onItsDay(words, at + 1, { ...rule })
}

/** "on the 1st of every month", "first monday of each month". */
function placeOfEveryMonth(words: readonly Word[], at: number): Found | undefined {
  const found = placed(words, words[at]?.text === 'on' ? afterThe(words, at + 1) : afterThe(words, at))
  if (!found || found.rule.freq !== 'MONTHLY' || found.rule.interval !== undefined) return undefined
  const isEveryMonth = (every: number) =>
    ['every', 'each'].includes(words[every]?.text ?? '') && words[every + 1]?.text === 'month'
  if (isEveryMonth(found.next - 2)) return found
  return isEveryMonth(found.next) ? { rule: found.rule, next: found.next + 2 } : undefined
}

const afterThe = (words: readonly Word[], at: number): number => (words[at]?.text === 'the' ? at + 1 : at)

/** These are adjectives as well ("daily standup"), so the caller takes them only where no plain word follows. */
export const adverbs = new Map<string, Rule>([
  ['daily', { freq: 'DAILY' }],
  ['weekly', { freq: 'WEEKLY' }],
  ['monthly', { freq: 'MONTHLY', skip: 'BACKWARD' }],
  ['yearly', { freq: 'YEARLY', skip: 'BACKWARD' }],
  ['every workday', { freq: 'WEEKLY', byDay: working }],
  ...weekdayWords.map(([day, name]): [string, Rule] => [
    `every ${name}`,
    { freq: 'WEEKLY', byDay: [{ day }] },
  ]),
])

function everyThing(words: readonly Word[], at: number): Found | undefined {
  const text = words[at]?.text
  if (isWorkday(text)) return { rule: { freq: 'WEEKLY', byDay: working }, next: at + 1 }
  if (text === 'weekend')
    return { rule: { freq: 'WEEKLY', byDay: [{ day: 'SA' }, { day: 'SU' }] }, next: at + 1 }
  return weekdayList(words, at, 1) ?? dayAndMonth(words, at) ?? placed(words, at) ?? counted(words, at)
}

/** "monday", "mon, wed and fri". */
function weekdayList(words: readonly Word[], at: number, interval: number): Found | undefined {
  const { items, next } = listOf(words, at, (text) => weekdayWord(text?.replace(/^every /, ''), true))
  if (items.length === 0) return undefined
  const rule: Rule = { freq: 'WEEKLY', byDay: items.map((day) => ({ day })) }
  return { rule: interval === 1 ? rule : { ...rule, interval }, next }
}

/** "1 january", "jan 1st", "1st of january". */
function dayAndMonth(words: readonly Word[], at: number): Found | undefined {
  const [first, second, third] = [words[at]?.text, words[at + 1]?.text, words[at + 2]?.text]
  const day = dayNumber(first)
  const month = monthWord(second === 'of' ? third : second)
  if (day !== undefined && month !== undefined) return yearly(month, day, at + (second === 'of' ? 3 : 2))
  const [leading, after] = [monthWord(first), dayNumber(second)]
  return leading !== undefined && after !== undefined ? yearly(leading, after, at + 2) : undefined
}

function yearly(month: number, day: number, next: number): Found | undefined {
  // In a leap year, so that 29 February counts as a day.
  if (day > lengthOfMonth(2_000, month)) return undefined
  return { rule: { freq: 'YEARLY', byMonth: [month], byMonthDay: [day], skip: 'BACKWARD' }, next }
}

function dayNumber(text: string | undefined): number | undefined {
  const number = ordinalWord(text) ?? countWord(text)
  return number !== undefined && number >= 1 && number <= 31 && text !== 'other' ? number : undefined
}

/** "3rd monday", "last workday", "last day", "1st and 15th", and "2nd day" for every second one. */
function placed(words: readonly Word[], at: number): Found | undefined {
  const { items, next } = listOf(words, at, ordinalWord)
  if (items.length === 0) return undefined
  const day = weekdayWord(words[next]?.text, true)
  if (day && items.every((nth) => Math.abs(nth) <= 5)) {
    return ofPeriod(words, next + 1, { freq: 'MONTHLY', byDay: items.map((nth) => ({ day, nth })) })
  }
  if (isWorkday(words[next]?.text) && items.every((nth) => nth <= 23)) {
    return ofPeriod(words, next + 1, { freq: 'MONTHLY', byDay: working, bySetPos: items })
  }
  const unit = unitWord(words[next]?.text)
  if (unit === 'DAILY' && items.includes(-1))
    return ofPeriod(words, next + 1, { freq: 'MONTHLY', byMonthDay: items })
  const [interval = 0] = items
  if (unit)
    return items.length === 1 && interval > 1
      ? onItsDay(words, next + 1, unitRule(unit, interval))
      : undefined
  if (items.includes(-1) || !/\d/.test(words[at]!.text)) return undefined
  return ofPeriod(words, next, monthDays(items))
}

function monthDays(days: readonly number[]): Rule {
  const rule: Rule = { freq: 'MONTHLY', byMonthDay: days }
  return days.some((day) => day > 28) ? { ...rule, skip: 'BACKWARD' } : rule
}

/** An optional "of the month", or "of march", which makes it yearly; nothing for a day that the month never has. */
function ofPeriod(words: readonly Word[], at: number, rule: Rule): Found | undefined {
  if (words[at]?.text !== 'of') return { rule, next: at }
  const period = words[at + 1]?.text
  if (period === 'month') return { rule, next: at + 2 }
  if (['the', 'each', 'every'].includes(period ?? '') && words[at + 2]?.text === 'month')
    return { rule, next: at + 3 }
  const month = monthWord(period)
  if (month === undefined) return { rule, next: at }
  if (rule.byMonthDay?.some((day) => day > lengthOfMonth(2_000, month))) return undefined
  return { rule: { ...rule, freq: 'YEARLY', byMonth: [month] }, next: at + 2 }
}

/** "day", "2 weeks", "other monday", "3 months on the 1st". */
function counted(words: readonly Word[], at: number): Found | undefined {
  const number = countWord(words[at]?.text)
  const next = number === undefined ? at : at + 1
  const unit = unitWord(words[next]?.text)
  if (unit === undefined) return number === undefined ? undefined : weekdayList(words, next, number)
  return onItsDay(words, next + 1, unitRule(unit, number ?? 1))
}

/** The rule on the day that follows it, if one does: "on the 1st", "on monday". */
function onItsDay(words: readonly Word[], at: number, rule: Rule): Found {
  const habitual = rule.freq === 'WEEKLY' && words[at]?.text.startsWith('every ')
  const day = words[at]?.text === 'on' ? onThe(words, at + 1, rule.freq) : undefined
  const found = habitual ? weekdayList(words, at, 1) : day
  return found
    ? { rule: { ...found.rule, ...(rule.interval && { interval: rule.interval }) }, next: found.next }
    : { rule, next: at }
}

function onThe(words: readonly Word[], at: number, unit: Rule['freq']): Found | undefined {
  if (unit === 'WEEKLY') return weekdayList(words, at, 1)
  if (unit === 'MONTHLY') {
    const found = placed(words, afterThe(words, at))
    return found?.rule.freq === 'MONTHLY' && found.rule.interval === undefined ? found : undefined
  }
  return unit === 'YEARLY' ? dayAndMonth(words, afterThe(words, at)) : undefined
}

function unitRule(freq: Rule['freq'], interval: number): Rule {
  const rule: Rule = interval === 1 ? { freq } : { freq, interval }
  return freq === 'MONTHLY' || freq === 'YEARLY' ? { ...rule, skip: 'BACKWARD' } : rule
}

/** Items with commas, "and" or nothing between them. */
function listOf<T>(words: readonly Word[], at: number, read: (text: string | undefined) => T | undefined) {
  const items: T[] = []
  let next = at
  for (let place = at; items.length < 12; place++) {
    const joined = items.length > 0 && (words[place]?.text === 'and' || words[place]?.text === '&')
    const item = read(words[joined ? place + 1 : place]?.text)
    if (item === undefined) break
    if (joined) place++
    items.push(item)
    next = place + 1
  }
  return { items, next }
}
