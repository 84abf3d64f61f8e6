import { choices, chooseSingleKeys, chooseTheme, type Theme } from '../state/choices.ts'
import { overlay } from '../state/overlay.ts'
import { useStore } from '../state/store.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { Field, Section } from './Field.tsx'
import styles from './Settings.module.css'

/** What this browser alone remembers. */
export function Appearance() {
  const t = useT()
  const { theme, singleKeys } = useStore(choices)
  return (
    <Section title={t('settings.appearance')}>
      <Field label={t('settings.theme')}>
        {(given) => (
          <select {...given} value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
            <option value="system">{t('theme.system')}</option>
            <option value="light">{t('theme.light')}</option>
            <option value="dark">{t('theme.dark')}</option>
          </select>
        )}
      </Field>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => chooseSingleKeys(event.target.checked)}
        />
        {t('keys.single')}
      </label>
      <div className={styles.actions}>
        <Button onClick={() => overlay.set('shortcuts')}>{t('keys.title')}</Button>
      </div>
    </Section>
  )
}
