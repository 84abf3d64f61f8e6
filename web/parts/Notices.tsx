import { dismiss, notices, spoken } from '../state/notices.ts'
import { useStore } from '../state/store.ts'
import { useT } from '../messages/translate.ts'
import styles from './Notices.module.css'

/** Short notes at the foot of the page, which screen readers read out when they come. */
export function Notices() {
  const t = useT()
  const all = useStore(notices)
  const words = useStore(spoken)
  return (
    <div className={styles.stack}>
      <p className="visually-hidden" role="status">
        {words}
      </p>
      <div role="status" aria-label={t('notice.title')}>
        {all.map(({ id, text, kind, action }) => (
          <div key={id} className={`${styles.notice} ${kind === 'problem' ? styles.problem : ''}`}>
            <span>{text}</span>
            {action && (
              <button
                type="button"
                onClick={() => {
                  dismiss(id)
                  action.run()
                }}
              >
                {action.label}
              </button>
            )}
            <button type="button" onClick={() => dismiss(id)}>
              {t('action.close')}
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}
