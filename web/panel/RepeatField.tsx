/** How a task repeats, and what can be done about it: change, skip, stop, and carry changes over to the series. */
import { useState } from 'react'
import type { Series, Task } from '../api/shapes.ts'
import { localDue } from '../dates/due.ts'
import { useT } from '../messages/translate.ts'
import { repeatTask, skipMissed, skipTask } from '../state/changes.ts'
import { openTask } from '../state/address.ts'
import { useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import { series, stopSeries, updateFollowing, updateSeries } from '../state/series.ts'
import { useStore } from '../state/store.ts'
import { RepeatEditor } from '../repeat/RepeatEditor.tsx'
import { ScopeChoice, type Scope } from '../repeat/ScopeChoice.tsx'
import { SpreadDialog } from '../repeat/SpreadDialog.tsx'
import { fieldsOf, formOf, type Form } from '../repeat/rule.ts'
import { repeatWords } from '../repeat/words.ts'
import { Icon } from '../parts/Icon.tsx'
import styles from './TaskPanel.module.css'

export function RepeatField({ task }: { task: Task }) {
  const t = useT()
  const own = useStore(series, ({ all }) =>
    task.recurring_task_id ? all.get(task.recurring_task_id) : undefined,
  )
  return (
    <fieldset className={styles.block}>
      <legend className="visually-hidden">{t('field.repeat')}</legend>
      <p className={styles.label} aria-hidden="true">
        <Icon name="repeat" size={16} />
        {t('field.repeat')}
      </p>
      {task.recurring_task_id ? own && <Repeats task={task} series={own} /> : <Once task={task} />}
    </fieldset>
  )
}

function Once({ task }: { task: Task }) {
  const t = useT()
  const zone = useZone()
  const today = useToday()
  const [isOpen, setIsOpen] = useState(false)
  const fixedZone = localDue(task, zone)?.fixedZone
  // A series goes by the clock of its zone.
  const due = localDue(task, fixedZone ?? zone)
  const given: Form = {
    rule: 'FREQ=WEEKLY',
    end: { kind: 'never' },
    day: due?.day ?? today,
    time: due?.time ?? null,
    zone: fixedZone ?? null,
    mode: 'schedule',
    catchUp: 'keep_one',
    monthEnd: 'clamp',
  }
  /** The series takes the place of the task, with everything that it says. */
  function save(form: Form) {
    const { title, description, priority, tags, reminders } = task
    openTask(repeatTask(task, { title, description, priority, tags, reminders, ...fieldsOf(form) }))
  }
  return (
    <>
      <button type="button" className={styles.pill} data-field="repeat" onClick={() => setIsOpen(true)}>
        {t('repeat.add')}
      </button>
      {isOpen && <RepeatEditor given={given} save={save} close={() => setIsOpen(false)} />}
    </>
  )
}

function Repeats({ task, series: own }: { task: Task; series: Series }) {
  const t = useT()
  const [shown, setShown] = useState<'editor' | 'spread'>()
  const isOpen = task.status === 'open'
  const close = () => setShown(undefined)
  return (
    <>
      <p>
        {repeatWords(own, t)}
        {task.occurrence_number && task.occurrence_count
          ? ` (${t('task.numbered', { number: task.occurrence_number, count: task.occurrence_count })})`
          : ''}
      </p>
      {!own.is_active && <p className={styles.hint}>{t('repeat.stopped')}</p>}
      {task.missed_count > 0 && (
        <p className={styles.hint}>{t('repeat.missedSince', { n: task.missed_count })}</p>
      )}
      <div className={`${styles.quick} ${styles.after}`}>
        <button type="button" className={styles.pill} data-field="repeat" onClick={() => setShown('editor')}>
          {t('repeat.change')}
        </button>
        {isOpen && (
          <button type="button" className={styles.pill} data-field="skip" onClick={() => skipTask(task)}>
            {t('repeat.skip')}
          </button>
        )}
        {isOpen && task.missed_count > 0 && (
          <button type="button" className={styles.pill} onClick={() => skipMissed(own)}>
            {t('repeat.skipMissed')}
          </button>
        )}
        {own.is_active && (
          <button type="button" className={styles.pill} onClick={() => void stopSeries(own)}>
            {t('repeat.stop')}
          </button>
        )}
      </div>
      {task.overrides.length > 0 && (
        <div className={styles.hint}>
          <p>{t('repeat.differs')}</p>
          <button type="button" className={styles.pill} onClick={() => setShown('spread')}>
            {t('repeat.spread')}
          </button>
        </div>
      )}
      {shown === 'editor' && <Change task={task} series={own} close={close} />}
      {shown === 'spread' && <SpreadDialog task={task} series={own} close={close} />}
    </>
  )
}

function Change({ task, series: own, close }: { task: Task; series: Series; close: () => void }) {
  const [scope, setScope] = useState<Scope>('following')
  const occurrence = scope === 'following' ? task.occurrence : null
  const changed = (form: Form) => ({
    ...fieldsOf(form),
    ...(occurrence && { start_date: startAt(form, occurrence) }),
  })
  return (
    <RepeatEditor
      given={formOf(own)}
      bodyOf={(form) => ({ recurring_task_id: own.id, ...(occurrence && { occurrence }), ...changed(form) })}
      save={(form) =>
        occurrence ? updateFollowing(own, occurrence, changed(form)) : updateSeries(own, changed(form))
      }
      close={close}
    >
      <ScopeChoice scope={scope} choose={setScope} />
    </RepeatEditor>
  )
}

/** The new series begins with this occurrence, unless the person chose another day. */
const startAt = (form: Form, occurrence: string): string => {
  const from = occurrence.slice(0, 10)
  return fieldsOf(form.day < from ? { ...form, day: from } : form).start_date
}
