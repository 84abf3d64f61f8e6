import { useId } from 'react'
import type { Task } from '../api/shapes.ts'
import { addDays, weekdayOf } from '../dates/days.ts'
import { localDue, withLocal, type LocalDue } from '../dates/due.ts'
import { updateTask } from '../state/changes.ts'
import { useToday } from '../state/here.ts'
import { profile, useZone } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { useT } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import styles from './TaskPanel.module.css'

/** Day and time are separate: to change one leaves the other. A time may be fixed to a zone, or follow its owner. */
export function WhenField({ task }: { task: Task }) {
  const t = useT()
  const id = useId()
  const today = useToday()
  const zone = useZone()
  const weekStart = useStore(profile, (value) => value?.week_start ?? 1)
  const due = localDue(task, zone)

  const set = (to: LocalDue) => updateTask(task.id, { due_date: withLocal(to, zone) })
  const setDay = (day: string) => set({ time: null, ...due, day })
  const nextWeek = addDays(today, ((weekStart - weekdayOf(today) + 6) % 7) + 1)
  const days = [
    [t('day.today'), today],
    [t('day.tomorrow'), addDays(today, 1)],
    [t('day.nextWeek'), nextWeek],
  ] as const

  return (
    <fieldset className={styles.block}>
      <legend className="visually-hidden">{t('field.due')}</legend>
      <p className={styles.label} aria-hidden="true">
        <Icon name="calendar" size={16} />
        {t('field.due')}
      </p>
      <div className={styles.quick}>
        {days.map(([name, day]) => (
          <button
            key={day}
            type="button"
            className={styles.pill}
            aria-pressed={due?.day === day}
            onClick={() => setDay(day)}
          >
            {name}
          </button>
        ))}
        {due && (
          <button
            type="button"
            className={styles.pill}
            onClick={() => updateTask(task.id, { due_date: null })}
          >
            {t('due.none')}
          </button>
        )}
      </div>
      <div className={styles.inputs}>
        <input
          type="date"
          aria-label={t('due.day')}
          data-field="due"
          min="1970-01-01"
          max="2200-12-31"
          value={due?.day ?? ''}
          onChange={(event) => {
            const { value, validity } = event.target
            if (validity.valid && value >= '1970') setDay(value)
          }}
        />
        <input
          type="time"
          aria-label={t('due.time')}
          value={due?.time ?? ''}
          onChange={(event) => set({ day: today, ...due, time: event.target.value || null })}
        />
        {due?.time && (
          <ZoneChoice
            due={due}
            zone={zone}
            about={`${id}-zone`}
            choose={(fixedZone) => set({ ...due, fixedZone })}
          />
        )}
      </div>
      <p className={styles.hint} id={`${id}-zone`}>
        {due?.fixedZone && due.fixedZone !== zone ? t('due.shownIn', { zone }) : ''}
      </p>
    </fieldset>
  )
}

type ChoiceProps = { due: LocalDue; zone: string; about: string; choose: (fixed: string | undefined) => void }

function ZoneChoice({ due, zone, about, choose }: ChoiceProps) {
  const t = useT()
  const fixed = due.fixedZone ?? zone
  return (
    <select
      aria-label={t('due.zone')}
      aria-describedby={about}
      value={due.fixedZone ?? ''}
      onChange={(event) => choose(event.target.value || undefined)}
    >
      <option value="">{t('due.follows')}</option>
      <option value={fixed}>{t('due.fixed', { zone: fixed })}</option>
    </select>
  )
}
