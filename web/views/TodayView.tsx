'use client'
import { useMemo } from 'react'
import { useHere } from '../state/here.ts'
import { setDay, useLingering } from '../state/changes.ts'
import { useStore } from '../state/store.ts'
import { loadTasks, told, useTasks } from '../state/tasks.ts'
import { todayGroups, upcomingDays } from '../tasks/groups.ts'
import { dayInFull, dayWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { FirstRun } from '../parts/FirstRun.tsx'
import { QuickAdd } from '../parts/QuickAdd.tsx'
import { Empty, Failed, Loading } from '../parts/State.tsx'
import { TaskList } from '../parts/TaskList.tsx'
import { Group, View } from '../parts/View.tsx'

export function TodayView() {
  const t = useT()
  const here = useHere()
  const tasks = useTasks()
  const lingers = useLingering()
  const { late, timed, dated } = useMemo(
    () => todayGroups(tasks.values(), here, lingers),
    [tasks, here, lingers],
  )
  const defaults = useMemo(() => ({ due_date: here.today }), [here.today])
  const isEmpty = late.length + timed.length + dated.length === 0

  const moveToToday = () => {
    for (const { task } of late) if (task.status === 'open') setDay(task.id, here.today)
  }

  return (
    <View title={t('view.today')} sub={here.today && dayInFull(here.today, here.today)}>
      <QuickAdd defaults={defaults} />
      {late.length > 0 && (
        <Group
          title={t('today.overdue')}
          count={late.length}
          isLate
          tools={
            <Button look="quiet" onClick={moveToToday}>
              {t('today.moveAll')}
            </Button>
          }
        >
          <TaskList tasks={late} label={t('today.overdue')} />
        </Group>
      )}
      {timed.length > 0 && (
        <Group title={t('today.timed')} count={timed.length}>
          <TaskList tasks={timed} label={t('today.timed')} hideDay />
        </Group>
      )}
      {dated.length > 0 && (
        <Group title={t('today.dated')} count={dated.length}>
          <TaskList tasks={dated} label={t('today.dated')} hideDay />
        </Group>
      )}
      {isEmpty && <Nothing />}
    </View>
  )
}

function Nothing() {
  const t = useT()
  const here = useHere()
  const tasks = useTasks()
  const { state, error } = useStore(told)
  if (error && tasks.size === 0) return <Failed error={error} retry={() => void loadTasks()} />
  if (state === 'loading') return <Loading />
  if (tasks.size === 0) return <FirstRun />
  const [day, [next] = []] = [...upcomingDays(tasks.values(), here, () => false)][0] ?? []
  return (
    <Empty icon="today" title={t('today.empty')}>
      {day && next && t('today.next', { title: next.task.title, day: dayWords(day, here.today) })}
    </Empty>
  )
}
