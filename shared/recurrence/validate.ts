/** Refuses a series that is allowed but cannot be meant: one that never comes, or that does not begin with its start. */
import { numberParts } from './check.ts'
import { formatDue } from './due.ts'
import { RecurrenceError } from './error.ts'
import { nextOccurrence } from './expand.ts'
import type { Rule } from './rule.ts'
import { ruleLengthMax } from './rrule-parse.ts'
import { printRule } from './rrule-print.ts'
import { planOf, type Series } from './series.ts'

/**
 * Throws a `RecurrenceError` with a proposal for a series that a user should not be left with. A start that the rule does
 * not produce is accepted when an exception takes it out, as the RFC's own "Friday the 13th" does.
 */
export function checkSeries(series: Series, userZone: string): void {
  planOf(series)
  const { rule } = series
  if (!rule) return
  if (printRule(rule).length > ruleLengthMax) {
    throw new RecurrenceError('too_large', 'RRULE', `Use a rule of at most ${ruleLengthMax} characters.`)
  }
  const own: Series = { start: series.start, rule }
  if (series.zone !== undefined) own.zone = series.zone
  const first = nextOccurrence(own, undefined, userZone)
  if (!first) throw neverError(own, rule, userZone)
  const start = nextOccurrence({ ...own, rule: { freq: rule.freq } }, undefined, userZone)!
  if (first.key === start.key || series.exdates?.some((key) => start.key.startsWith(key))) return
  throw new RecurrenceError(
    'contradiction',
    'start_date',
    `The rule does not produce its start ${formatDue(series.start)}. Begin with ${formatDue(first.due)}.`,
  )
}

/** Names the part without which the rule would come at all. */
function neverError(series: Series, rule: Rule, userZone: string): RecurrenceError {
  const parts = [
    { name: 'UNTIL', field: 'until' } as const,
    ...numberParts,
    { name: 'BYDAY', field: 'byDay' } as const,
  ]
  for (const { name, field } of parts) {
    if (rule[field] === undefined) continue
    const rest = { ...rule }
    delete rest[field]
    const without = attempt(() => nextOccurrence({ ...series, rule: rest }, undefined, userZone))
    if (!without) continue
    const message =
      name === 'UNTIL'
        ? `It ends before it begins: the first date would be ${formatDue(without.due)}. Move the end, or the start.`
        : `No date ever matches. Without ${name} the first would be ${formatDue(without.due)}.`
    return new RecurrenceError('never', name, message)
  }
  return new RecurrenceError('never', 'RRULE', 'No date ever matches. Take parts of the rule away.')
}

/** A rule may stop being allowed when a part is taken away: that part is not the one to name. */
function attempt<T>(find: () => T): T | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof RecurrenceError) return undefined
    throw error
  }
}
