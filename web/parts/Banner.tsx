import { reachable } from '../state/live.ts'
import { queue, retryNow } from '../offline/queue.ts'
import { session } from '../state/session.ts'
import { useStore } from '../state/store.ts'
import { sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { Icon } from './Icon.tsx'
import styles from './Banner.module.css'

/** Says that the server is away and what waits for it. Everything else goes on. */
export function Banner() {
  const t = useT()
  const { commands, error } = useStore(queue)
  const isReachable = useStore(reachable)
  const state = useStore(session)
  const isAway = state === 'ready' && (!isReachable || error !== undefined)
  return (
    <div role="status">
      {isAway && (
        <div className={styles.banner} data-banner>
          <Icon name="offline" />
          <span>{error && error.code !== 'offline' ? sentence(error) : t('offline.title')}</span>
          <span>
            {commands.length > 0 ? t('offline.waiting', { n: commands.length }) : t('offline.nothing')}
          </span>
          <button type="button" onClick={retryNow}>
            {t('action.retry')}
          </button>
        </div>
      )}
    </div>
  )
}
