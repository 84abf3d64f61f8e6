import { useId, useState } from 'react'
import { weekdayName } from '../dates/words.ts'
import { profile } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { useT } from '../messages/translate.ts'
import { presetsOf } from './presets.ts'
import type { PartProps } from './RepeatEditor.tsx'
import { customOf, customRule, type Freq } from './rule.ts'
import styles from './RepeatEditor.module.css'

const freqs: Freq[] = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']

/** A preset of the chosen date, the parts of an own rule, or a rule as RFC 5545 writes it. */
export function RuleChoice({ form, change }: PartProps) {
  const t = useT()
  const id = useId()
  const presets = presetsOf(form.day, t)
  const isPreset = presets.some(({ rule }) => rule === form.rule)
  const [kind, setKind] = useState<'preset' | 'custom' | 'text'>(() => kindOf(form.rule, isPreset, form.day))
  const shown = kind === 'preset' && isPreset ? form.rule : kind === 'text' ? 'text' : 'custom'

  function choose(value: string) {
    if (value === 'custom') {
      const { freq, interval, weekdays } = customOf(form.rule, form.day)
      change({ rule: customRule(freq, interval, weekdays) })
      setKind('custom')
    } else if (value === 'text') setKind('text')
    else {
      change({ rule: value })
      setKind('preset')
    }
  }

  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {t('repeat.rule')}
      </label>
      <select
        id={id}
        className={styles.select}
        value={shown}
        onChange={(event) => choose(event.target.value)}
      >
        {presets.map(({ rule, name }) => (
          <option key={rule} value={rule}>
            {name}
          </option>
        ))}
        <option value="custom">{t('repeat.custom')}</option>
        <option value="text">{t('repeat.text')}</option>
      </select>
      {shown === 'custom' && <Custom form={form} change={change} />}
      {shown === 'text' && (
        <div className={styles.days}>
          <input
            type="text"
            className={styles.select}
            aria-label={t('repeat.text')}
            value={form.rule}
            maxLength={1_000}
            spellCheck={false}
            onChange={(event) => change({ rule: event.target.value.trim() })}
          />
        </div>
      )}
    </div>
  )
}

function kindOf(rule: string, isPreset: boolean, day: string): 'preset' | 'custom' | 'text' {
  if (isPreset) return 'preset'
  const { freq, interval, weekdays } = customOf(rule, day)
  const isCustom = [customRule(freq, interval, weekdays), customRule(freq, interval, [])].includes(rule)
  return isCustom ? 'custom' : 'text'
}

function Custom({ form, change }: PartProps) {
  const t = useT()
  const weekStart = useStore(profile, (value) => value?.week_start ?? 1)
  const { freq, interval, weekdays } = customOf(form.rule, form.day)
  const days = Array.from({ length: 7 }, (_, index) => ((weekStart - 1 + index) % 7) + 1)
  const toggle = (weekday: number) => {
    const next = weekdays.includes(weekday)
      ? weekdays.filter((each) => each !== weekday)
      : [...weekdays, weekday]
    if (next.length > 0) change({ rule: customRule(freq, interval, next) })
  }
  return (
    <fieldset className={styles.days}>
      <legend className="visually-hidden">{t('repeat.custom')}</legend>
      <div className={styles.row}>
        <span aria-hidden="true">{t('repeat.everyWord')}</span>
        <input
          type="number"
          aria-label={t('repeat.interval')}
          min={1}
          max={1_000}
          required
          value={interval || ''}
          onChange={(event) => change({ rule: customRule(freq, event.target.valueAsNumber || 0, weekdays) })}
        />
        <select
          aria-label={t('repeat.unit')}
          className={styles.select}
          value={freq}
          onChange={(event) => change({ rule: customRule(event.target.value as Freq, interval, weekdays) })}
        >
          {freqs.map((each) => (
            <option key={each} value={each}>
              {t(`repeat.unit.${each}`, { n: interval || 1 })}
            </option>
          ))}
        </select>
      </div>
      {freq === 'WEEKLY' && (
        <div className={styles.days}>
          {days.map((weekday) => (
            <label key={weekday} className={styles.day}>
              <input type="checkbox" checked={weekdays.includes(weekday)} onChange={() => toggle(weekday)} />
              <span aria-hidden="true">{weekdayName(weekday, 'short')}</span>
              <span className="visually-hidden">{weekdayName(weekday)}</span>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}
