import { useId } from 'react'
import { addDays } from '../dates/days.ts'
import { useT } from '../messages/translate.ts'
import { DayInput } from './DayInput.tsx'
import type { PartProps } from './RepeatEditor.tsx'
import type { Form } from './rule.ts'
import styles from './RepeatEditor.module.css'

type Kind = Form['end']['kind']

/** Never, after a day, or after so many times. */
export function EndChoice({ form: { end, day }, change }: PartProps) {
  const t = useT()
  const id = useId()
  const choose = (kind: Kind) =>
    change({
      end:
        kind === 'until'
          ? { kind, day: addDays(day, 90) }
          : kind === 'count'
            ? { kind, count: 10 }
            : { kind },
    })
  return (
    <fieldset>
      <label className={styles.label} htmlFor={id}>
        {t('repeat.ends')}
      </label>
      <div className={styles.row}>
        <select
          id={id}
          className={styles.select}
          value={end.kind}
          onChange={(event) => choose(event.target.value as Kind)}
        >
          <option value="never">{t('repeat.never')}</option>
          <option value="until">{t('repeat.on')}</option>
          <option value="count">{t('repeat.after')}</option>
        </select>
        {end.kind === 'until' && (
          <DayInput
            label={t('repeat.on')}
            min={day}
            day={end.day}
            change={(day) => change({ end: { kind: 'until', day } })}
          />
        )}
        {end.kind === 'count' && (
          <>
            <input
              type="number"
              required
              aria-label={t('repeat.after')}
              min={1}
              max={10_000}
              value={end.count || ''}
              onChange={(event) => change({ end: { kind: 'count', count: event.target.valueAsNumber || 0 } })}
            />
            <span aria-hidden="true">{t('repeat.timesWord')}</span>
          </>
        )}
      </div>
    </fieldset>
  )
}
