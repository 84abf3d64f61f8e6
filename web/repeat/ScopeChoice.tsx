import { useT } from '../messages/translate.ts'
import styles from './RepeatEditor.module.css'

export type Scope = 'following' | 'all'

/** How far a change of a series reaches. */
export function ScopeChoice({ scope, choose }: { scope: Scope; choose: (scope: Scope) => void }) {
  const t = useT()
  return (
    <fieldset>
      <legend className={styles.label}>{t('scope.title')}</legend>
      {(['following', 'all'] as const).map((each) => (
        <label key={each} className={styles.choice}>
          <input type="radio" name="scope" checked={scope === each} onChange={() => choose(each)} />
          <span>
            {t(`scope.${each}`)}
            <small>{t(`scope.hint.${each}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
