import { signInHref } from '../state/address.ts'
import { connection } from '../state/live.ts'
import { queue, retryNow } from '../offline/queue.ts'
import { session } from '../state/session.ts'
import { useStore } from '../state/store.ts'
import { sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { Icon } from './Icon.tsx'
import styles from './Banner.module.css'

/** Says that the server is away, or the person signed out, and what waits for it. Everything else goes on. */
export function Banner() {
  const t = useT()
  const { commands, error } = useStore(queue)
  const link = useStore(connection)
  const state = useStore(session)
  const isShown = state === 'ready' && (link !== 'up' || error !== undefined)
  const isSignedOut = link === 'signed-out' || error?.code === 'unauthorized'
  const what = error && error.code !== 'offline' ? sentence(error) : t('offline.title')
  // The page of the entrance begins anew: whoever signs in there may be somebody else.
  const signIn = () => window.location.assign(signInHref())
  return (
    <div role="status">
      {isShown && (
        <div className={styles.banner} data-banner>
          <Icon name="offline" />
          <span>{isSignedOut ? t('error.unauthorized') : what}</span>
          <span>
            {commands.length > 0 ? t('offline.waiting', { n: commands.length }) : t('offline.nothing')}
          </span>
          <button type="button" onClick={isSignedOut ? signIn : retryNow}>
            {t(isSignedOut ? 'entrance.signIn' : 'action.retry')}
          </button>
        </div>
      )}
    </div>
  )
}
