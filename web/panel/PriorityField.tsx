import type { Task } from '../api/shapes.ts'
import { updateTask } from '../state/changes.ts'
import { useT } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import styles from './TaskPanel.module.css'

const names = { 1: 'priority.high', 2: 'priority.medium', 3: 'priority.low' } as const

export function PriorityField({ task }: { task: Task }) {
  const t = useT()
  return (
    <fieldset className={styles.block}>
      <legend className="visually-hidden">{t('field.priority')}</legend>
      <p className={styles.label} aria-hidden="true">
        <Icon name="flag" size={16} />
        {t('field.priority')}
      </p>
      <div className={styles.quick}>
        {([1, 2, 3] as const).map((priority) => (
          <label key={priority} className={styles.pill}>
            <input
              type="radio"
              name={`priority-${task.id}`}
              checked={task.priority === priority}
              {...(task.priority === priority && { 'data-field': 'priority' })}
              onChange={() => updateTask(task.id, { priority })}
            />
            {t(names[priority])}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
