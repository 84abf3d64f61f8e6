/** A rule that says by itself what it otherwise takes from its start. */
import { civil, daySeconds, weekday } from './civil.ts'
import type { Due } from './due.ts'
import { weekdays, type Rule } from './rule.ts'
import { planOf } from './series.ts'

/**
 * The parts that RFC 5545 takes from the start where the rule is silent: weekday, day of the month, month. With them the same
 * rule may begin at another of its dates: monthly on the 31st goes on from 28 February without forgetting the 31st.
 */
export function explicitRule(rule: Rule, start: Due): Rule {
  const plan = planOf({ start, rule })
  const day = Math.floor(plan.start / daySeconds)
  if (rule.freq === 'WEEKLY' && !rule.byDay) return { ...rule, byDay: [{ day: weekdays[weekday(day)]! }] }
  if (!plan.monthDays || rule.byMonthDay || (rule.freq !== 'MONTHLY' && rule.freq !== 'YEARLY')) return rule
  const explicit: Rule = { ...rule, byMonthDay: plan.monthDays }
  return rule.freq === 'YEARLY' ? { ...explicit, byMonth: rule.byMonth ?? [civil(day).month] } : explicit
}
