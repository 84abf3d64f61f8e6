import { useT } from '../messages/translate.ts'
import type { PartProps } from './RepeatEditor.tsx'
import { asksForLateDays } from './rule.ts'
import styles from './RepeatEditor.module.css'

/** From when the next one counts, what becomes of missed ones, and of days that short months do not have. */
export function FineChoices({ form, change }: PartProps) {
  const t = useT()
  return (
    <div className={styles.stack}>
      <fieldset>
        <legend className={styles.label}>{t('repeat.counts')}</legend>
        {(['schedule', 'completion'] as const).map((mode) => (
          <label key={mode} className={styles.choice}>
            <input type="radio" name="mode" checked={form.mode === mode} onChange={() => change({ mode })} />
            <span>
              {t(`repeat.mode.${mode}`)}
              <small>{t(`repeat.modeHint.${mode}`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {form.mode === 'schedule' && (
        <fieldset>
          <legend className={styles.label}>{t('repeat.missed')}</legend>
          {(['keep_one', 'skip_missed', 'keep_all'] as const).map((catchUp) => (
            <label key={catchUp} className={styles.choice}>
              <input
                type="radio"
                name="catch-up"
                checked={form.catchUp === catchUp}
                onChange={() => change({ catchUp })}
              />
              <span>
                {t(`repeat.catchUp.${catchUp}`)}
                <small>{t(`repeat.catchUpHint.${catchUp}`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {asksForLateDays(form.rule, form.day) && (
        <fieldset>
          <legend className={styles.label}>{t('repeat.monthEnd')}</legend>
          {(['clamp', 'skip', 'forward'] as const).map((monthEnd) => (
            <label key={monthEnd} className={styles.choice}>
              <input
                type="radio"
                name="month-end"
                checked={form.monthEnd === monthEnd}
                onChange={() => change({ monthEnd })}
              />
              {t(`repeat.monthEnd.${monthEnd}`)}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  )
}
