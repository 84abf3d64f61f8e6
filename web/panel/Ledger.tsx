/** What became of every reminder of a task, by channel: why did I get this, why did I not? */
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import type { Notification, Task } from '../api/shapes.ts'
import { center } from '../state/notifications.ts'
import { useStore } from '../state/store.ts'
import { localPrefix } from '../offline/command.ts'
import { useZone } from '../state/profile.ts'
import { durationWords, instantWords } from '../dates/words.ts'
import { useT, type MessageKey } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import panel from './TaskPanel.module.css'
import styles from './Ledger.module.css'

type Delivery = Notification['deliveries'][number]

export function Ledger({ task }: { task: Task }) {
  const t = useT()
  const zone = useZone()
  const news = useStore(center, ({ items }) => items)
  const [items, setItems] = useState<Notification[]>()
  useEffect(() => {
    if (task.id.startsWith(localPrefix)) return
    void call('notification-list', { query: { task_id: task.id, page_size: '20' } })
      .then((reply) => setItems(reply.items))
      .catch(() => {})
  }, [task.id, task.notified, news])
  if (!items) return null
  const isPlanned =
    items.length === 0 && task.status === 'open' && task.due_date && task.reminders?.length !== 0
  if (items.length === 0 && !isPlanned) return null
  return (
    <section className={panel.block} aria-label={t('ledger.title')}>
      <p className={panel.label} aria-hidden="true">
        <Icon name="bell" size={16} />
        {t('ledger.title')}
      </p>
      {isPlanned && <p className={panel.hint}>{t('ledger.planned')}</p>}
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={item.id} className={styles.reminder}>
            <p className={styles.when}>
              {t('ledger.for', { time: instantWords(item.remind_at, zone) })}
              {item.late_seconds > 5 && `, ${t('ledger.late', { time: durationWords(item.late_seconds) })}`}
            </p>
            {item.deliveries.map((delivery) => (
              <DeliveryLine key={delivery.channel} delivery={delivery} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function DeliveryLine({ delivery }: { delivery: Delivery }) {
  const t = useT()
  const zone = useZone()
  const { channel, state, reason, attempts, sent_at } = delivery
  return (
    <div className={styles.delivery}>
      <span>{t(`channel.${channel}`)}</span>
      <span>
        <span className={`${styles.state} ${styles[state] ?? ''}`}>
          {t(`delivery.${state}` as MessageKey)}
        </span>
        {sent_at && ` ${instantWords(sent_at, zone, true)}`}
        {attempts > 1 && `, ${t('delivery.attempts', { n: attempts })}`}
      </span>
      {reason && <span className={styles.reason}>{reason}</span>}
    </div>
  )
}
