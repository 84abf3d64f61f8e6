import type { Task } from '../api/shapes.ts'
import { updateTask } from '../state/changes.ts'
import { profile } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { timeWords } from '../dates/words.ts'
import { useT, type Translate } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import styles from './TaskPanel.module.css'

const timed = ['PT0S', 'PT10M', 'PT30M', 'PT1H', 'P1D']
const dated = ['PT0S', 'P1D', 'P2D', 'P7D']

/** When to be reminded, as durations before the due time (ISO 8601). */
export function RemindersField({ task }: { task: Task }) {
  const t = useT()
  const at = useStore(profile, (value) => value?.reminder_time ?? '09:00')
  const isDate = task.due_date?.length === 10
  const chosen = task.reminders
  const offered = [...new Set([...(isDate ? dated : timed), ...chosen])]
  const toggle = (duration: string) =>
    updateTask(task.id, {
      reminders: chosen.includes(duration)
        ? chosen.filter((each) => each !== duration)
        : [...chosen, duration],
    })
  return (
    <fieldset className={styles.block}>
      <legend className="visually-hidden">{t('field.reminders')}</legend>
      <p className={styles.label} aria-hidden="true">
        <Icon name="bell" size={16} />
        {t('field.reminders')}
      </p>
      <div className={styles.quick}>
        {offered.map((duration) => (
          <label key={duration} className={styles.pill}>
            <input type="checkbox" checked={chosen.includes(duration)} onChange={() => toggle(duration)} />
            {before(duration, isDate, t)}
          </label>
        ))}
      </div>
      {isDate && <p className={styles.hint}>{t('reminder.at', { time: timeWords(at) })}</p>}
    </fieldset>
  )
}

/** "10 minutes before", "On the day". */
function before(duration: string, isDate: boolean, t: Translate): string {
  const found = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration)
  const [weeks, days, hours, minutes] = (found ?? []).slice(1).map((text) => Number(text ?? 0))
  if (weeks || days) return t('reminder.days', { n: (weeks ?? 0) * 7 + (days ?? 0) })
  if (hours) return t('reminder.hours', { n: hours })
  if (minutes) return t('reminder.minutes', { n: minutes })
  return t(isDate ? 'reminder.onDay' : 'reminder.onTime')
}
