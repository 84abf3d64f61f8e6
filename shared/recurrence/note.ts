/** Why an occurrence is not where one would expect it. */
import { civil, dayNumber, daySeconds, monthDays, yearDays } from './civil.ts'
import type { Candidate } from './candidates.ts'
import { hasDay } from './dates.ts'
import type { Plan } from './series.ts'

/** A few words for each thing that moved it, or nothing. */
export function noteOf(plan: Plan, candidate: Candidate): string | undefined {
  const moved =
    plan.skip === 'OMIT' || candidate.added
      ? undefined
      : movedNote(plan, Math.floor(candidate.local / daySeconds))
  const shifted =
    candidate.shift === 'gap'
      ? 'clocks go forward'
      : candidate.shift === 'overlap'
        ? 'clocks go back'
        : undefined
  if (moved && shifted) return `${moved}, ${shifted}`
  return moved ?? shifted
}

function movedNote(plan: Plan, day: number): string | undefined {
  const { year, month, day: own } = civil(day)
  if (plan.monthDays && !plan.yearDays && !hasDay(plan.monthDays, own, monthDays(year, month))) {
    const wanted = plan.monthDays.find((number) => number > 28 && number !== own) ?? plan.monthDays[0]!
    const missing = plan.skip === 'BACKWARD' ? (missingDay(plan.monthDays, own) ?? wanted) : wanted
    if (missing === 29) return 'February has no 29th'
    return missing > 0 ? `month has no ${nth(missing)}` : `month has fewer than ${-missing} days`
  }
  if (plan.yearDays && !hasDay(plan.yearDays, day - dayNumber(year, 1, 1) + 1, yearDays(year)))
    return 'year has no day 366'
  return undefined
}

/** The day that was meant when the last of a month stands in for it. */
function missingDay(numbers: readonly number[], own: number): number | undefined {
  return numbers.filter((number) => number > own).toSorted((a, b) => a - b)[0]
}

/** 1st, 2nd, 3rd, 4th, 11th. */
export function nth(number: number): string {
  const tens = number % 100
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${suffix}`
}
