'use client'
import { useEffect } from 'react'
import type { Notification } from '../api/shapes.ts'
import { openTask, taskHref } from '../state/address.ts'
import { center, loadNotifications, loadOlder, markRead } from '../state/notifications.ts'
import { useZone } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { agoWords, durationWords, instantWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { DeliveryLine } from '../panel/Ledger.tsx'
import { Empty, ListState } from '../parts/State.tsx'
import { View } from '../parts/View.tsx'
import styles from './NotificationsView.module.css'

/** What the user was told, and what became of it on each channel. */
export function NotificationsView() {
  const t = useT()
  const { items, unread, next, state, error } = useStore(center)
  useEffect(() => void loadNotifications().catch(() => {}), [])
  return (
    <View
      title={t('view.notifications')}
      sub={unread > 0 && t('notifications.unread', { n: unread })}
      tools={
        unread > 0 && (
          <Button look="quiet" icon="check" onClick={() => void markRead('all')}>
            {t('notifications.readAll')}
          </Button>
        )
      }
    >
      {items.length > 0 && (
        <ul aria-label={t('view.notifications')}>
          {items.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
      {next && <Button onClick={() => void loadOlder()}>{t('action.more')}</Button>}
      {items.length === 0 && (
        <ListState state={state} error={error} retry={() => void loadNotifications().catch(() => {})}>
          <Empty icon="bell" title={t('notifications.empty')}>
            {t('notifications.emptyHow')}
          </Empty>
        </ListState>
      )}
    </View>
  )
}

function Item({ item }: { item: Notification }) {
  const t = useT()
  const zone = useZone()
  const isUnread = item.read_at === null
  const hasFailed = item.deliveries.some(({ state }) => state === 'failed' || state === 'unknown')
  return (
    <li className={`${styles.item} ${isUnread ? styles.unread : ''}`} data-row={item.task_id}>
      <div className={styles.top}>
        <a
          href={taskHref(item.task_id)}
          onClick={(event) => {
            event.preventDefault()
            void markRead(item.id)
            openTask(item.task_id)
          }}
        >
          {item.title}
          {isUnread && <span className="visually-hidden"> ({t('nav.unread')})</span>}
        </a>
        <time
          className={styles.when}
          dateTime={item.created_at}
          title={instantWords(item.created_at, zone, true)}
        >
          {agoWords(item.created_at)}
        </time>
      </div>
      <details>
        <summary className={hasFailed ? styles.failed : undefined}>
          {item.late_seconds > 5 ? `${t('ledger.late', { time: durationWords(item.late_seconds) })}. ` : ''}
          {hasFailed ? t('notifications.failed') : t('notifications.how')}
        </summary>
        {item.deliveries.map((delivery) => (
          <DeliveryLine key={delivery.channel} delivery={delivery} />
        ))}
      </details>
    </li>
  )
}
