import { addDays } from '../dates/days.ts'
import { addTask } from '../state/changes.ts'
import { useToday } from '../state/here.ts'
import { useT } from '../messages/translate.ts'
import { Button } from './Button.tsx'
import { Empty } from './State.tsx'

/** Nothing is there yet: what to do first, and three samples to look at. */
export function FirstRun() {
  const t = useT()
  const today = useToday()
  const samples = () => {
    addTask({ title: t('sample.first'), due_date: today, tags: [t('sample.tag')] })
    addTask({ title: t('sample.second'), due_date: `${addDays(today, 1)}T09:00:00`, priority: 1 })
    addTask({ title: t('sample.third') })
  }
  return (
    <Empty
      icon="check"
      title={t('first.title')}
      actions={<Button onClick={samples}>{t('first.samples')}</Button>}
    >
      {t('first.how')}
    </Empty>
  )
}
