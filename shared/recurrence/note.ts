/** Why an occurrence is not where one would expect it. */
import type { Language } from '../contract/language.ts'
import { civil, dayNumber, daySeconds, monthDays, yearDays } from './civil.ts'
import type { Candidate } from './candidates.ts'
import { hasDay } from './dates.ts'
import { phrases, type Phrases } from './phrases.ts'
import type { Plan } from './series.ts'

/** A few words for each thing that moved it, or nothing. */
export function noteOf(plan: Plan, candidate: Candidate, language: Language): string | undefined {
  const say = phrases[language].notes
  const moved =
    plan.skip === 'OMIT' || candidate.added
      ? undefined
      : movedNote(plan, say, Math.floor(candidate.local / daySeconds))
  const shifted =
    candidate.shift === 'gap' ? say.clocksForward : candidate.shift === 'overlap' ? say.clocksBack : undefined
  if (moved && shifted) return `${moved}, ${shifted}`
  return moved ?? shifted
}

function movedNote(plan: Plan, say: Phrases['notes'], day: number): string | undefined {
  const { year, month, day: own } = civil(day)
  if (plan.monthDays && !plan.yearDays && !hasDay(plan.monthDays, own, monthDays(year, month))) {
    const wanted = plan.monthDays.find((number) => number > 28 && number !== own) ?? plan.monthDays[0]!
    const missing = plan.skip === 'BACKWARD' ? (missingDay(plan.monthDays, own) ?? wanted) : wanted
    if (missing === 29) return say.noLeapDay
    return missing > 0 ? say.noDay(missing) : say.fewerDays(-missing)
  }
  if (plan.yearDays && !hasDay(plan.yearDays, day - dayNumber(year, 1, 1) + 1, yearDays(year)))
    return say.noDay366
  return undefined
}

/** The day that was meant when the last of a month stands in for it. */
function missingDay(numbers: readonly number[], own: number): number | undefined {
  return numbers.filter((number) => number > own).toSorted((a, b) => a - b)[0]
}
