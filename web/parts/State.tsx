/** A list that has nothing to show: because it is empty, still comes, or could not be read. */
import type { ReactNode } from 'react'
import type { ApiError } from '../api/error.ts'
import { sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { Button } from './Button.tsx'
import { Icon, type IconName } from './Icon.tsx'
import styles from './State.module.css'

type EmptyProps = { icon: IconName; title: string; children?: ReactNode; actions?: ReactNode }

export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className={styles.state}>
      <Icon name={icon} size={40} />
      <p className={styles.title}>{title}</p>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}

/** As high as the rows that will come, so that nothing jumps. */
export function Loading() {
  const t = useT()
  return (
    <div role="status" aria-busy="true">
      <span className="visually-hidden">{t('state.loading')}</span>
      <ul className={styles.skeleton} aria-hidden="true">
        {Array.from({ length: 6 }, (_, index) => (
          <li key={index} />
        ))}
      </ul>
    </div>
  )
}

type ListProps = {
  state: 'loading' | 'loaded'
  error: ApiError | undefined
  retry: () => void
  children: ReactNode
}

/** In the place of a list without rows; `children` say that it is empty. */
export function ListState({ state, error, retry, children }: ListProps) {
  if (error) return <Failed error={error} retry={retry} />
  return state === 'loading' ? <Loading /> : children
}

export function Failed({ error, retry }: { error: ApiError; retry: () => void }) {
  const t = useT()
  return (
    <div role="alert">
      <Empty
        icon="offline"
        title={t('state.failed')}
        actions={<Button onClick={retry}>{t('action.retry')}</Button>}
      >
        {sentence(error)}
      </Empty>
    </div>
  )
}
