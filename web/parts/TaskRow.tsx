/** One task in a list: a checkbox that does it, a link that opens it, and what there is to know at a glance. */
import { memo, type MouseEvent } from 'react'
import { openTask, taskHref } from '../state/address.ts'
import type { Task } from '../api/shapes.ts'
import { localDue } from '../dates/due.ts'
import { completeTask, followers, reopenTask } from '../state/changes.ts'
import { useStore } from '../state/store.ts'
import { here, useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import { focusNextRow } from '../keyboard/rows.ts'
import { isLate, type Placed } from '../tasks/groups.ts'
import { useT } from '../messages/translate.ts'
import { dayWords, timeWords } from '../dates/words.ts'
import { startDrag } from './drag.ts'
import { Icon } from './Icon.tsx'
import styles from './TaskRow.module.css'

type Props = Placed & {
  /** The heading above says the day already. */
  hideDay?: boolean
  isOpen?: boolean
  isSelected?: boolean
}

export const TaskRow = memo(function TaskRow({ task, due, hideDay, isOpen, isSelected }: Props) {
  const t = useT()
  const isDone = task.status !== 'open'
  const look = [
    styles.row,
    isDone && styles.done,
    isOpen && styles.open,
    isSelected && styles.selected,
    task.priority === 1 && styles.high,
  ]

  function open(event: MouseEvent) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    openTask(task.id)
  }

  function toggle(event: { currentTarget: HTMLElement }) {
    if (isDone) return reopenTask(task)
    focusNextRow(event.currentTarget)
    completeTask(task)
  }

  return (
    <li
      className={look.filter(Boolean).join(' ')}
      data-row={task.id}
      data-selected={isSelected || undefined}
      onDragStart={(event) => startDrag(event, task.id)}
    >
      <input
        type="checkbox"
        className={styles.check}
        checked={isDone}
        onChange={toggle}
        aria-label={t('task.complete', { title: task.title })}
      />
      <div>
        <a
          className={styles.link}
          href={taskHref(task.id)}
          onClick={open}
          aria-current={isOpen ? 'true' : undefined}
          aria-describedby={`about-${task.id}`}
        >
          {task.title}
        </a>
        {isDone ? <Outcome task={task} /> : <Meta task={task} due={due} hideDay={hideDay ?? false} />}
      </div>
      <div className={styles.aside}>
        {isDone && (
          <button type="button" className={styles.undo} onClick={() => reopenTask(task)}>
            {t('action.undo')}
            <span className="visually-hidden">: {task.title}</span>
          </button>
        )}
        {isSelected && <span className="visually-hidden">{t('task.selected')}</span>}
      </div>
    </li>
  )
})

/** What became of it, and when the next one is. */
function Outcome({ task }: { task: Task }) {
  const t = useT()
  const zone = useZone()
  const today = useToday()
  const next = useStore(followers, (all) => all.get(task.id))
  const day = next && localDue({ due_date: next, due_at: null }, zone)?.day
  return (
    <div className={styles.meta} id={`about-${task.id}`}>
      {task.status === 'done' ? t('task.done') : t(`status.${task.status}`)}
      {day && ` ${t('task.next', { day: dayWords(day, today) })}`}
    </div>
  )
}

function Meta({ task, due, hideDay }: Placed & { hideDay: boolean }) {
  const t = useT()
  const today = useToday()
  const late = useStore(here, (now) => task.status === 'open' && isLate(due, now))
  const day = due && (!hideDay || late) ? dayWords(due.day, today) : ''
  const time = due?.time ? timeWords(due.time) : ''
  const nothing = !day && !time && !task.recurring_task_id && task.tags.length === 0 && task.priority === 2
  if (nothing && !task.description) return <span id={`about-${task.id}`} />
  return (
    <div className={styles.meta} id={`about-${task.id}`}>
      {task.priority === 1 && (
        <span className={styles.flag}>
          <Icon name="flag" size={14} />
          {t('priority.high')}
        </span>
      )}
      {(day || time) && (
        <span className={late ? styles.late : undefined}>
          <Icon name={late ? 'clock' : time && !day ? 'clock' : 'calendar'} size={14} />
          {late && <span className="visually-hidden">{t('task.overdue')} </span>}
          {[day, time].filter(Boolean).join(', ')}
        </span>
      )}
      {task.recurring_task_id && (
        <span>
          <Icon name="repeat" size={14} />
          {task.occurrence_number && task.occurrence_count
            ? t('task.numbered', { number: task.occurrence_number, count: task.occurrence_count })
            : t('task.repeats')}
          {task.missed_count > 0 ? `, ${t('task.missed', { n: task.missed_count })}` : ''}
        </span>
      )}
      {task.tags.map((tag) => (
        <span key={tag}>#{tag}</span>
      ))}
      {task.description && (
        <span>
          <Icon name="notes" size={14} />
          <span className="visually-hidden">{t('task.hasNotes')}</span>
        </span>
      )}
    </div>
  )
}
