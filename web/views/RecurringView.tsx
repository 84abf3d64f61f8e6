'use client'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import type { Series } from '../api/shapes.ts'
import { clockIn } from '../dates/days.ts'
import { dayWords, timeWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { openTask } from '../state/address.ts'
import { skipMissed } from '../state/changes.ts'
import { useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import { deleteSeries, loadSeries, resumeSeries, series, stopSeries, updateSeries } from '../state/series.ts'
import { useStore } from '../state/store.ts'
import { useTask } from '../state/tasks.ts'
import { RepeatEditor } from '../repeat/RepeatEditor.tsx'
import { fieldsOf, formOf } from '../repeat/rule.ts'
import { repeatWords } from '../repeat/words.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Occurrences } from '../parts/Occurrences.tsx'
import { QuickAdd } from '../parts/QuickAdd.tsx'
import { Empty, ListState } from '../parts/State.tsx'
import { View } from '../parts/View.tsx'
import styles from './RecurringView.module.css'

/** Every series: how it repeats, when it is next, and what became of its dates. */
export function RecurringView() {
  const t = useT()
  const { all, state, error } = useStore(series)
  const chosen = useSearchParams().get('series')
  const sorted = [...all.values()].toSorted(
    (a, b) =>
      Number(b.is_active) - Number(a.is_active) || (a.next_due_at ?? '9').localeCompare(b.next_due_at ?? '9'),
  )
  return (
    <View title={t('view.recurring')}>
      <QuickAdd placeholder={t('recurring.placeholder')} />
      {sorted.map((one) => (
        <Card key={one.id} series={one} isChosen={one.id === chosen} />
      ))}
      {sorted.length === 0 && (
        <ListState state={state} error={error} retry={() => void loadSeries().catch(() => {})}>
          <Empty icon="repeat" title={t('recurring.empty')}>
            {t('recurring.emptyHow')}
          </Empty>
        </ListState>
      )}
    </View>
  )
}

function Card({ series: one, isChosen }: { series: Series; isChosen: boolean }) {
  const t = useT()
  const zone = useZone()
  const today = useToday()
  const task = useTask(one.open_task_id ?? undefined)
  const [shown, setShown] = useState<'editor' | 'delete' | 'dates' | undefined>(
    isChosen ? 'dates' : undefined,
  )
  const close = () => setShown(undefined)
  const next = one.next_due_at && clockIn(zone, one.next_due_at)
  const isDate = one.start_date.length === 10
  return (
    <article className={`${styles.card} ${one.is_active ? '' : styles.stopped}`} aria-label={one.title}>
      <div className={styles.top}>
        <h2>{one.title}</h2>
        <span className={styles.next}>
          {!one.is_active
            ? t('repeat.stopped')
            : next
              ? t('recurring.next', {
                  when: isDate
                    ? dayWords(clockIn(zone, Date.parse(one.next_due_at!) - 1_000).day, today)
                    : `${dayWords(next.day, today)}, ${timeWords(next.time)}`,
                })
              : t('recurring.noNext')}
        </span>
      </div>
      <p className={styles.words}>
        {repeatWords(one, t)}
        {task && task.missed_count > 0 && `, ${t('task.missed', { n: task.missed_count })}`}
      </p>
      <div className={styles.actions}>
        {task && (
          <Button look="quiet" onClick={() => openTask(task.id)}>
            {t('recurring.open')}
          </Button>
        )}
        <Button look="quiet" onClick={() => setShown('editor')}>
          {t('action.edit')}
        </Button>
        <Button
          look="quiet"
          aria-expanded={shown === 'dates'}
          onClick={() => setShown(shown === 'dates' ? undefined : 'dates')}
        >
          {t('recurring.dates')}
        </Button>
        {task && task.missed_count > 0 && (
          <Button look="quiet" onClick={() => skipMissed(one)}>
            {t('repeat.skipMissed')}
          </Button>
        )}
        <Button look="quiet" onClick={() => void (one.is_active ? stopSeries(one) : resumeSeries(one))}>
          {t(one.is_active ? 'repeat.stop' : 'repeat.resume')}
        </Button>
        <Button look="quiet" onClick={() => setShown('delete')}>
          {t('action.delete')}
        </Button>
      </div>
      {shown === 'dates' && <Occurrences series={one} />}
      {shown === 'editor' && (
        <RepeatEditor
          given={formOf(one)}
          bodyOf={(form) => ({ recurring_task_id: one.id, ...fieldsOf(form) })}
          save={(form) => updateSeries(one, fieldsOf(form))}
          close={close}
        />
      )}
      {shown === 'delete' && <DeleteDialog series={one} close={close} />}
    </article>
  )
}

function DeleteDialog({ series: one, close }: { series: Series; close: () => void }) {
  const t = useT()
  return (
    <Dialog title={t('recurring.delete', { title: one.title })} close={close}>
      <p>{t('recurring.deleteHow')}</p>
      <div className={styles.actions}>
        <Button look="danger" onClick={() => void deleteSeries(one, 'cancel')}>
          {t('recurring.deleteAll')}
        </Button>
        <Button onClick={() => void deleteSeries(one, 'keep')}>{t('recurring.deleteKeep')}</Button>
        <Button onClick={close}>{t('action.cancel')}</Button>
      </div>
    </Dialog>
  )
}
