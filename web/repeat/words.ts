/** A repeat as a sentence. In English it is the API's; the other languages say the usual ones themselves. */
import type { Series } from '../api/shapes.ts'
import { dayWords, listWords, weekdayName } from '../dates/words.ts'
import { language, type Translate } from '../messages/translate.ts'
import { currentDay } from '../state/profile.ts'
import { presetsOf } from './presets.ts'
import { customOf, formOf, partsOf } from './rule.ts'

export function repeatWords(series: Series, t: Translate): string {
  const form = formOf(series)
  const sentence = isEnglish() ? series.sentence : translated(form.rule, form.day, t) || series.sentence
  const end =
    form.end.kind === 'until' && !isEnglish()
      ? t('repeat.until', { day: dayWords(form.end.day, currentDay()) })
      : form.end.kind === 'count' && !isEnglish()
        ? t('repeat.times', { n: form.end.count })
        : ''
  const mode = form.mode === 'completion' ? t('repeat.afterDone') : ''
  return [sentence, end, mode].filter(Boolean).join(', ')
}

export const isEnglish = (): boolean => language.get().locale.startsWith('en')

function translated(rule: string, day: string, t: Translate): string | undefined {
  const preset = presetsOf(day, t).find((each) => each.rule === rule)
  if (preset) return preset.name
  const known = Object.keys(partsOf(rule)).every((name) => ['FREQ', 'INTERVAL', 'BYDAY'].includes(name))
  const { freq, interval, weekdays } = customOf(rule, day)
  if (!known || (freq !== 'WEEKLY' && partsOf(rule).BYDAY)) return undefined
  const every = t(`repeat.every.${freq}`, { n: interval })
  return freq === 'WEEKLY' ? `${every} (${listWords(weekdays.map((each) => weekdayName(each)))})` : every
}
