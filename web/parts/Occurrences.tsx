/** What became of the dates of a series, and which come next. */
import { useEffect, useState } from 'react'
import { call, type Reply } from '../api/call.ts'
import type { Series } from '../api/shapes.ts'
import { addDays } from '../dates/days.ts'
import { localDue } from '../dates/due.ts'
import { dayWords, timeWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import { Icon } from './Icon.tsx'
import { Loading } from './State.tsx'
import styles from '../views/RecurringView.module.css'

type Occurrence = Reply<'occurrence-list'>['items'][number]

const nextMax = 5
const pastMax = 20

export function Occurrences({ series }: { series: Series }) {
  const t = useT()
  const today = useToday()
  const [items, setItems] = useState<Occurrence[]>()
  useEffect(() => {
    const query = { from: addDays(today, -180), to: addDays(today, 370) }
    void call('occurrence-list', { params: { recurring_task_id: series.id }, query })
      .then((reply) => setItems(reply.items))
      .catch(() => setItems([]))
  }, [series, today])
  if (!items) return <Loading />
  const closed = items.filter(({ state }) => state === 'done' || state === 'missed' || state === 'skipped')
  const done = closed.filter(({ state }) => state === 'done').length
  const planned = items.filter(({ state }) => state === 'planned').slice(0, nextMax)
  const rest = items.filter(({ state }) => state !== 'planned').slice(-pastMax)
  return (
    <>
      {closed.length > 0 && (
        <p className={styles.sum}>{t('recurring.kept', { done, count: closed.length })}</p>
      )}
      <ol className={styles.past}>
        {[...rest, ...planned].map((item) => (
          <Line key={item.occurrence} item={item} />
        ))}
      </ol>
    </>
  )
}

function Line({ item }: { item: Occurrence }) {
  const t = useT()
  const zone = useZone()
  const today = useToday()
  const due = localDue(item, zone)
  return (
    <li>
      <span className={styles.mark} data-state={item.state}>
        {item.state === 'done' && <Icon name="check" size={12} />}
        {item.state === 'missed' && <Icon name="close" size={12} />}
        {item.state === 'skipped' && <Icon name="skip" size={12} />}
      </span>
      <span>
        {due ? dayWords(due.day, today) : item.occurrence}
        {due?.time && `, ${timeWords(due.time)}`}
      </span>
      <span className={styles.words}>
        {[t(`status.${item.state}`), item.note].filter(Boolean).join(', ')}
      </span>
    </li>
  )
}
