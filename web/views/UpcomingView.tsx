'use client'
import { useMemo } from 'react'
import { useHere } from '../state/here.ts'
import { useLingering, moveToDay } from '../state/changes.ts'
import { useStore } from '../state/store.ts'
import { loadTasks, told, useTasks } from '../state/tasks.ts'
import { upcomingDays, type Placed } from '../tasks/groups.ts'
import { addDays, daysBetween } from '../dates/days.ts'
import { dayInFull, dayWords } from '../dates/words.ts'
import { usePlanned, type PlannedOccurrence } from '../state/planned.ts'
import { useT } from '../messages/translate.ts'
import { PlannedRows } from '../parts/PlannedRows.tsx'
import { QuickAdd } from '../parts/QuickAdd.tsx'
import { Empty, ListState } from '../parts/State.tsx'
import { TaskList } from '../parts/TaskList.tsx'
import { Group, View } from '../parts/View.tsx'

/** Everything from tomorrow on, by day; what a series will bring is dashed. */
export function UpcomingView() {
  const t = useT()
  const here = useHere()
  const tasks = useTasks()
  const lingers = useLingering()
  const { state, error } = useStore(told)
  const days = useMemo(() => upcomingDays(tasks.values(), here, lingers), [tasks, here, lingers])
  const planned = usePlanned()
  const all = useMemo(() => merged(days, planned), [days, planned])
  const defaults = useMemo(() => ({ due_date: addDays(here.today || '2000-01-01', 1) }), [here.today])
  return (
    <View title={t('view.upcoming')}>
      <QuickAdd defaults={defaults} />
      {all.map(({ day, due, virtual }) => (
        <Group key={day} title={heading(day, here.today)} drop={(id) => moveToDay(id, day)}>
          <TaskList tasks={due} label={dayInFull(day, here.today)} hideDay />
          <PlannedRows planned={virtual} />
        </Group>
      ))}
      {all.length === 0 && (
        <ListState state={state} error={error} retry={() => void loadTasks()}>
          <Empty icon="calendar" title={t('upcoming.empty')}>
            {t('upcoming.emptyHow')}
          </Empty>
        </ListState>
      )}
    </View>
  )
}

function heading(day: string, today: string): string {
  const full = dayInFull(day, today)
  return daysBetween(today, day) > 1 ? full : `${dayWords(day, today)}, ${full}`
}

type Day = { day: string; due: Placed[]; virtual: PlannedOccurrence[] }

function merged(days: Map<string, Placed[]>, planned: ReadonlyMap<string, PlannedOccurrence[]>): Day[] {
  return [...new Set([...days.keys(), ...planned.keys()])]
    .toSorted()
    .map((day) => ({ day, due: days.get(day) ?? [], virtual: planned.get(day) ?? [] }))
}
