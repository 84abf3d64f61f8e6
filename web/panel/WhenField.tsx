import { useId, useRef, type ComponentProps } from 'react'
import type { Task } from '../api/shapes.ts'
import { addDays, dayMax, dayMin, weekdayOf } from '../dates/days.ts'
import { localDue, withLocal, type LocalDue } from '../dates/due.ts'
import { updateTask } from '../state/changes.ts'
import { useToday } from '../state/here.ts'
import { profile, useZone } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { useT } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import { useDraft } from './useDraft.ts'
import styles from './TaskPanel.module.css'

/** Long enough to type or to step through a date or a time: one that is saved in passing may be past, and remind. */
const pauseMs = 2_000

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
          <Pill key={day} isPressed={due?.day === day} choose={() => setDay(day)}>
            {name}
          </Pill>
        ))}
        {due?.time && <Pill choose={() => set({ ...due, time: null })}>{t('due.noTime')}</Pill>}
        {due && <Pill choose={() => updateTask(task.id, { due_date: null })}>{t('due.none')}</Pill>}
      </div>
      <div className={styles.inputs}>
        <DueInput
          task={task}
          type="date"
          aria-label={t('due.day')}
          data-field="due"
          min={dayMin}
          max={dayMax}
          value={due?.day ?? ''}
          moved={(day, due) => (day >= dayMin && day <= dayMax ? { time: null, ...due, day } : undefined)}
        />
        <DueInput
          task={task}
          type="time"
          aria-label={t('due.time')}
          value={due?.time ?? ''}
          // No time of no day: a time was begun and taken away.
          moved={(time, due) => (time || due ? { day: today, ...due, time: time || null } : undefined)}
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

type PillProps = { isPressed?: boolean; choose: () => void; children: string }

const Pill = ({ isPressed, choose, children }: PillProps) => (
  <button type="button" className={styles.pill} aria-pressed={isPressed} onClick={choose}>
    {children}
  </button>
)

type InputProps = Omit<ComponentProps<'input'>, 'value'> & {
  task: Task
  value: string
  /** What becomes of the due date; undefined: nothing. */
  moved: (value: string, due: LocalDue | null) => LocalDue | undefined
}

function DueInput({ task, value, moved, ...about }: InputProps) {
  const zone = useZone()
  const input = useRef<HTMLInputElement>(null)
  const patchOf = (text: string, { due_date }: Task) => {
    // A part of a date or a time says nothing yet; that all of it was taken away does.
    const isPart = input.current?.validity.badInput ?? text === ''
    const to = isPart ? undefined : moved(text, localDue({ due_date, due_at: null }, zone))
    return to ? { due_date: withLocal(to, zone) } : {}
  }
  const { text, change, leave } = useDraft(task, 'due_date', value, patchOf, pauseMs)
  return (
    <input
      {...about}
      ref={input}
      value={text}
      onChange={(event) => change(event.target.value)}
      onBlur={leave}
      onKeyDown={(event) => event.key === 'Enter' && leave()}
    />
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
