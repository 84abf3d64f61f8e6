import { addDays } from '../dates/days.ts'
import { useToday } from '../state/here.ts'
import { completeTask, deleteTask, setDay } from '../state/changes.ts'
import { clearSelection, selection } from '../state/selection.ts'
import { useStore } from '../state/store.ts'
import { taskById } from '../state/tasks.ts'
import type { Task } from '../api/shapes.ts'
import { useT } from '../messages/translate.ts'
import { Button } from './Button.tsx'
import styles from './BulkBar.module.css'

/** What can be done to all selected tasks. */
export function BulkBar() {
  const t = useT()
  const today = useToday()
  const selected = useStore(selection)
  if (selected.size === 0) return null
  const each = (work: (task: Task) => void) => () => {
    for (const id of selected) {
      const task = taskById(id)
      if (task) work(task)
    }
    clearSelection()
  }
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('bulk.title')}>
      <span role="status">{t('bulk.selected', { n: selected.size })}</span>
      <Button
        look="quiet"
        icon="check"
        onClick={each((task) => task.status === 'open' && completeTask(task))}
      >
        {t('action.complete')}
      </Button>
      <Button look="quiet" icon="today" onClick={each(({ id }) => setDay(id, today))}>
        {t('day.today')}
      </Button>
      <Button look="quiet" icon="calendar" onClick={each(({ id }) => setDay(id, addDays(today, 1)))}>
        {t('day.tomorrow')}
      </Button>
      <Button look="quiet" icon="trash" onClick={each(deleteTask)}>
        {t('action.delete')}
      </Button>
      <Button look="quiet" icon="close" onClick={clearSelection}>
        {t('action.clear')}
      </Button>
    </div>
  )
}
