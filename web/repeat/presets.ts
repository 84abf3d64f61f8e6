/** The repeats that a date suggests: "Weekly on Tuesday", "Monthly on the last Tuesday". */
import { dayOfMonth, lengthOfMonth, monthOf, weekdayOf } from '../dates/days.ts'
import { monthName, ordinal, weekdayName } from '../dates/words.ts'
import type { Translate } from '../messages/translate.ts'
import { weekdayCodes } from './rule.ts'

export type Preset = { rule: string; name: string }

export function presetsOf(day: string, t: Translate): Preset[] {
  const weekday = weekdayOf(day)
  const code = weekdayCodes[weekday - 1]!
  const date = dayOfMonth(day)
  const nth = Math.ceil(date / 7)
  const left = lengthOfMonth(day) - date
  const name = weekdayName(weekday)
  return [
    { rule: 'FREQ=DAILY', name: t('repeat.daily') },
    { rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', name: t('repeat.weekdays') },
    { rule: `FREQ=WEEKLY;BYDAY=${code}`, name: t('repeat.weekly', { weekday: name }) },
    { rule: `FREQ=WEEKLY;INTERVAL=2;BYDAY=${code}`, name: t('repeat.biweekly', { weekday: name }) },
    {
      rule: `FREQ=MONTHLY;BYMONTHDAY=${date}`,
      name: t(date > 28 ? 'repeat.monthlyLate' : 'repeat.monthly', { day: ordinal(date) }),
    },
    ...(left === 0 ? [{ rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', name: t('repeat.lastDay') }] : []),
    ...(nth < 5
      ? [
          {
            rule: `FREQ=MONTHLY;BYDAY=${nth}${code}`,
            name: t('repeat.nth', { nth: ordinal(nth), weekday: name }),
          },
        ]
      : []),
    ...(left < 7
      ? [{ rule: `FREQ=MONTHLY;BYDAY=-1${code}`, name: t('repeat.last', { weekday: name }) }]
      : []),
    {
      rule: `FREQ=YEARLY;BYMONTH=${monthOf(day)};BYMONTHDAY=${date}`,
      name: t('repeat.yearly', { day: date, month: monthName(monthOf(day)) }),
    },
  ]
}
