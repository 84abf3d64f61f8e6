/** Quick input: one line such as "pay rent every 1st 9am !high #home", and what each of its words was taken for. */
import type { Language } from '../contract/language.ts'
import type { Due } from './due.ts'
import { RecurrenceError } from './error.ts'
import { occurrences } from './expand.ts'
import { matchDate, matchTime } from './quick-date.ts'
import { adverbs, matchRule } from './quick-rule.ts'
import { isWhole, type Piece } from './quick-whole.ts'
import { countWord, wordsOf, type Range, type Word } from './quick-words.ts'
import type { Rule } from './rule.ts'
import { phrases } from './phrases.ts'
import { endWords, sentenceOf } from './sentence.ts'
import type { Series } from './series.ts'

export type ChipKind = 'recurrence' | 'date' | 'time' | 'start' | 'end' | 'priority' | 'tag'

/** A piece of the text, by offsets, that was taken as something, and as what. */
export type Chip = Range & { kind: ChipKind; text: string; means: string }

export type Quick = {
  /** What is left when the understood pieces and the quotes around literal ones are taken out. */
  title: string
  chips: Chip[]
  tags: string[]
  /** 1 is high, 3 is low. */
  priority?: 1 | 2 | 3
  due?: Due
  series?: Series
  /** `completion` for "every!": the next one counts from the day this one is done. */
  mode?: 'schedule' | 'completion'
}

const lengthMax = 2_000
/** As many as a task may have. */
const tagsMax = 20

/** The line as the matchers have it. */
type Line = { words: readonly Word[]; today: Temporal.PlainDate; language: Language }

/** A chip before it has its text, and what it sets. */
type Match = { kind: ChipKind; length: number; means: string; set: (draft: Draft) => void }
type Draft = {
  rule?: Rule
  completion?: boolean
  date?: Temporal.PlainDate
  time?: Temporal.PlainTime
  priority?: 1 | 2 | 3
  tags: string[]
}

/**
 * Reads a line. Only whole words match and nothing in quotes or in `literal`, the pieces that the user gave back. `now` is
 * the user's local time; in German, English words are understood as well. Throws a `RecurrenceError` only for a text of more than 2,000 characters.
 */
export function parseQuick(
  text: string,
  now: Temporal.PlainDateTime,
  literal: readonly Range[] = [],
  language: Language = 'en',
): Quick {
  if (typeof text !== 'string' || text.length > lengthMax) {
    throw new RecurrenceError('too_large', 'title', `Use a text of at most ${lengthMax} characters.`)
  }
  const words = wordsOf(text, literal, language)
  const line: Line = { words, today: now.toPlainDate(), language }
  const draft: Draft = { tags: [] }
  const read: (Chip & { at: number; next: number })[] = []
  for (let at = 0; at < words.length;) {
    const match = matchAt(line, at, draft)
    if (!match) {
      at++
      continue
    }
    match.set(draft)
    const { start } = words[at]!
    const { end } = words[at + match.length - 1]!
    const next = at + match.length
    read.push({ start, end, kind: match.kind, text: text.slice(start, end), means: match.means, at, next })
    at = next
  }
  const pieces = read.filter((piece): piece is Chip & Piece => !isSign(piece))
  const plan = isWhole(words, pieces, line.today, draft) ? planned(draft, now) : undefined
  const chips = read.filter((piece) => plan || isSign(piece)).map(({ at: _at, next: _next, ...chip }) => chip)
  const { tags, priority } = draft
  return { title: titleOf(text, chips, line), chips, tags, ...(priority && { priority }), ...plan }
}

const isSign = ({ kind }: Chip): boolean => kind === 'priority' || kind === 'tag'

function matchAt(line: Line, at: number, draft: Draft): Match | undefined {
  const { words, today, language } = line
  const text = words[at]!.text
  if (text === '') return undefined
  const sign = priorityMatch(text, draft) ?? tagMatch(text, draft)
  if (sign) return sign
  if (draft.rule) {
    const bound = boundMatch(line, at, draft.rule)
    if (bound) return bound
  } else {
    const found = matchRule(words, at)
    if (found && (!adverbs.has(text) || found.length > 1 || endsHere(words, at + found.length, today))) {
      const sentence = sentenceOf(found.rule, undefined, language)
      const means = found.completion ? `${sentence} ${phrases[language].afterCompletion}` : sentence
      const set = (into: Draft) => Object.assign(into, { rule: found.rule, completion: found.completion })
      return { kind: 'recurrence', length: found.length, means, set }
    }
  }
  return momentMatch(line, at, draft)
}

function momentMatch({ words, today }: Line, at: number, draft: Draft): Match | undefined {
  if (draft.rule && words[at]?.text === 'until') return undefined
  const time = draft.time ? undefined : matchTime(words, at)
  if (time) {
    const means = time.time.toString().slice(0, 5)
    return { kind: 'time', length: time.length, means, set: (into) => (into.time = time.time) }
  }
  const date = draft.date ? undefined : matchDate(words, at, today)
  if (!date) return undefined
  return {
    kind: 'date',
    length: date.length,
    means: date.date.toString(),
    set: (into) => (into.date = date.date),
  }
}

function priorityMatch(text: string, draft: Draft): Match | undefined {
  const names = { '!high': 1, '!1': 1, '!medium': 2, '!2': 2, '!low': 3, '!3': 3 } as const
  if (draft.priority !== undefined || !Object.hasOwn(names, text)) return undefined
  const priority = names[text as keyof typeof names]
  return {
    kind: 'priority',
    length: 1,
    means: `priority ${priority}`,
    set: (into) => (into.priority = priority),
  }
}

/** A tag has a letter: `#42` is a number. */
function tagMatch(text: string, { tags }: Draft): Match | undefined {
  const tag = /^#([\p{L}\p{M}\p{N}_-]{1,50})$/u.exec(text)?.[1]
  if (tag === undefined || !/\p{L}/u.test(tag)) return undefined
  if (tags.length >= tagsMax && !tags.includes(tag)) return undefined
  return {
    kind: 'tag',
    length: 1,
    means: tag,
    set: () => void (tags.includes(tag) || tags.push(tag)),
  }
}

/** What may follow a rule: "until 31 dec", "for 10 times", "10 times", "starting monday". */
function boundMatch({ words, today, language }: Line, at: number, rule: Rule): Match | undefined {
  const text = words[at]?.text
  const ends = rule.until !== undefined || rule.count !== undefined
  const date =
    text === 'until' || text === 'starting' || text === 'from' ? matchDate(words, at + 1, today) : undefined
  if (date && text === 'until' && !ends) {
    const until = date.date.toString()
    return {
      kind: 'end',
      length: date.length + 1,
      means: endWords({ until }, language),
      set: (into) => (into.rule = { ...rule, until }),
    }
  }
  if (date && text !== 'until') {
    return {
      kind: 'start',
      length: date.length + 1,
      means: date.date.toString(),
      set: (into) => (into.date = date.date),
    }
  }
  const lead = text === 'for' ? 1 : 0
  const number = words[at + lead]?.text
  const count = words[at + lead + 1]?.text === 'times' && number !== 'other' ? countWord(number) : undefined
  if (count === undefined || ends) return undefined
  const means = endWords({ count }, language).replace(/^, /, '')
  return { kind: 'end', length: lead + 2, means, set: (into) => (into.rule = { ...rule, count }) }
}

/** "Water plants daily" repeats, "daily standup" is a name: an adverb counts only where no plain word follows. */
function endsHere(words: readonly Word[], at: number, today: Temporal.PlainDate): boolean {
  const next = words[at]
  if (next === undefined || /^[#!]/.test(next.text)) return true
  const opened = ['until', 'for', 'starting', 'from'].includes(next.text)
  return opened || matchTime(words, at) !== undefined || matchDate(words, at, today) !== undefined
}

/** The due date and the series, which begins with its first date that is not past; nothing for a series that ends before. */
function planned(
  draft: Draft,
  now: Temporal.PlainDateTime,
): Pick<Quick, 'due' | 'series' | 'mode'> | undefined {
  const { rule, date, time } = draft
  const elapsed = rule?.freq === 'HOURLY' || rule?.freq === 'MINUTELY'
  if (!rule) {
    if (!date && !time) return {}
    const day = date ?? now.toPlainDate()
    if (!time) return { due: { kind: 'date', date: day } }
    const local = day.toPlainDateTime(time)
    const past = !date && Temporal.PlainDateTime.compare(local, now) < 0
    return { due: { kind: 'floating', local: past ? local.add({ days: 1 }) : local } }
  }
  const day = date ?? now.toPlainDate()
  const clock =
    time ?? (elapsed ? now.toPlainTime().round({ smallestUnit: 'minute', roundingMode: 'floor' }) : undefined)
  const start: Due = clock
    ? { kind: 'floating', local: day.toPlainDateTime(clock) }
    : { kind: 'date', date: day }
  const from = clock && !date ? now.toZonedDateTime('UTC').toInstant() : day
  // The first one is near however large the interval: "every 3 months on the 1st" begins on the next 1st.
  const { count: _count, ...endless } = rule
  const nearest = elapsed ? endless : { ...endless, interval: 1 }
  const first = occurrences({ start, rule: nearest }, { userZone: 'UTC', from }).next().value
  const mode = draft.completion ? 'completion' : 'schedule'
  return first && { due: first.due, series: { start: first.due, rule }, mode }
}

/**
 * Quotes go where they kept something from being understood, and stay where they only quote. Points and commas beside what was
 * taken go where they would begin or end the title, or follow another.
 */
function titleOf(text: string, chips: readonly Chip[], line: Line): string {
  let rest = ''
  let end = 0
  for (const chip of [...chips, { start: text.length, end: text.length }]) {
    const piece = text.slice(end, chip.start)
    const joined = end > 0 && /(^|[,.;:])\s*$/.test(rest) ? piece.replace(/^\s*[,.;:]+(?=\s|$)/, '') : piece
    rest += `${joined} `
    end = chip.end
  }
  if (chips.length > 0 && /^[\s,.;:]*$/.test(text.slice(chips.at(-1)!.end)))
    rest = rest.replace(/[\s,;:]+$/, '')
  const unquoted = rest.replaceAll(/"([^"]*)"/g, (quoted, inner: string) =>
    understood(inner, line) ? inner : quoted,
  )
  return unquoted
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([,.;:?]+)(?=\s|$)/g, '$1')
    .trim()
}

function understood(inner: string, line: Line): boolean {
  const words = wordsOf(inner, [], line.language)
  return words.some((_, at) => matchAt({ ...line, words }, at, { tags: [] }) !== undefined)
}
