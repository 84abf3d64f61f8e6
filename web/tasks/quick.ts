/** Quick input, read by the engine that the server reads and plans with. It is loaded when somebody begins to type. */
import { languageOf } from '../../shared/contract/language.ts'
import { ensureTemporal } from '../dates/temporal.ts'
import { language } from '../messages/translate.ts'
import { zone } from '../state/profile.ts'

type Engine = {
  parse: typeof import('../../shared/recurrence/quick.ts').parseQuick
  print: typeof import('../../shared/recurrence/rrule-print.ts').printRule
  format: typeof import('../../shared/recurrence/due.ts').formatDue
}
export type Quick = ReturnType<Engine['parse']>
export type Chip = Quick['chips'][number]
export type Range = { start: number; end: number }

export const quickLengthMax = 2_000

let engine: Promise<Engine> | undefined

/** A load that fails is tried again with the next line. */
export function loadQuick(): Promise<Engine> {
  engine ??= load().catch((error: unknown) => {
    engine = undefined
    throw error
  })
  return engine
}

async function load(): Promise<Engine> {
  await ensureTemporal()
  const [quick, print, due] = await Promise.all([
    import('../../shared/recurrence/quick.ts'),
    import('../../shared/recurrence/rrule-print.ts'),
    import('../../shared/recurrence/due.ts'),
  ])
  return { parse: quick.parseQuick, print: print.printRule, format: due.formatDue }
}

/** What the line says; `literal` are the pieces that were given back. */
export async function readQuick(text: string, literal: readonly Range[]): Promise<Quick> {
  const { parse } = await loadQuick()
  return parse(
    text.slice(0, quickLengthMax),
    Temporal.Now.plainDateTimeISO(zone()),
    literal,
    languageOf(language.get().locale),
  )
}

/** Ranges after the text was edited from `before` to `after`: those behind the edit move, those in it end. */
export function moveRanges(ranges: readonly Range[], before: string, after: string): Range[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++
  const editEnd = before.length - end
  const shift = after.length - before.length
  return ranges.flatMap((range) => {
    if (range.end <= start) return [range]
    if (range.start >= editEnd) return [{ start: range.start + shift, end: range.end + shift }]
    return []
  })
}

export type Defaults = { due_date?: string; tags?: string[] }

/** The body of the request that makes what the line says. */
export async function bodyOf(quick: Quick, defaults: Defaults) {
  const { print, format } = await loadQuick()
  const tags = [...new Set([...quick.tags, ...(defaults.tags ?? [])])]
  const shared = {
    title: quick.title,
    ...(tags.length > 0 && { tags }),
    ...(quick.priority && { priority: quick.priority }),
  }
  if (!quick.series) {
    const due_date = quick.due ? format(quick.due) : defaults.due_date
    return { isSeries: false, body: { ...shared, ...(due_date && { due_date }) } }
  }
  const { rule, start } = quick.series
  if (!rule) throw new Error('A line that repeats has a rule.')
  const { skip, ...bare } = rule
  return {
    isSeries: true,
    body: {
      ...shared,
      recurrence_rule: print(bare),
      start_date: format(start),
      ...(skip && { month_end: { BACKWARD: 'clamp', OMIT: 'skip', FORWARD: 'forward' }[skip] }),
      ...(quick.mode === 'completion' && { mode: 'completion' }),
    },
  }
}
