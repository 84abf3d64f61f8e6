'use client'
import { useMemo } from 'react'
import { useHere } from '../state/here.ts'
import { profile } from '../state/profile.ts'
import { useListing } from '../state/listing.ts'
import { useStore } from '../state/store.ts'
import { useTasks } from '../state/tasks.ts'
import { clockIn } from '../dates/days.ts'
import { dayWords } from '../dates/words.ts'
import { placedOne, type Placed } from '../tasks/groups.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { Empty, ListState } from '../parts/State.tsx'
import { TaskList } from '../parts/TaskList.tsx'
import { Group, View } from '../parts/View.tsx'

/** What was done, by day, the latest first. */
export function DoneView() {
  const t = useT()
  const here = useHere()
  const tasks = useTasks()
  const statistics = useStore(profile, (value) => value?.statistics)
  const { ids, next, state, error, load } = useListing({ status: 'done', sort: '-updated_at' })
  const days = useMemo(() => {
    const result = new Map<string, Placed[]>()
    const known = new Set(ids)
    const done = [...tasks.values()].filter(
      (task) => task.status === 'done' && task.completed_at && known.has(task.id),
    )
    for (const task of done.toSorted((a, b) => b.completed_at!.localeCompare(a.completed_at!))) {
      const { day } = clockIn(here.zone, task.completed_at!)
      result.set(day, [...(result.get(day) ?? []), placedOne(task, here.zone)])
    }
    return [...result]
  }, [tasks, ids, here.zone])

  return (
    <View title={t('view.done')} sub={statistics && t('done.sub', { n: statistics.completed })}>
      {days.map(([day, done]) => (
        <Group key={day} title={dayWords(day, here.today)} count={done.length}>
          <TaskList tasks={done} label={dayWords(day, here.today)} />
        </Group>
      ))}
      {next && <Button onClick={() => void load(next)}>{t('action.more')}</Button>}
      {days.length === 0 && (
        <ListState state={state} error={error} retry={() => void load()}>
          <Empty icon="check" title={t('done.empty')}>
            {t('done.emptyHow')}
          </Empty>
        </ListState>
      )}
    </View>
  )
}
