'use client'
import { useMemo } from 'react'
import { useLingering } from '../state/changes.ts'
import { useZone } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { loadTasks, told, useTasks } from '../state/tasks.ts'
import { inboxTasks } from '../tasks/groups.ts'
import { useT } from '../messages/translate.ts'
import { QuickAdd } from '../parts/QuickAdd.tsx'
import { Empty, ListState } from '../parts/State.tsx'
import { TaskList } from '../parts/TaskList.tsx'
import { View } from '../parts/View.tsx'

/** Tasks without a date. */
export function InboxView() {
  const t = useT()
  const zone = useZone()
  const tasks = useTasks()
  const lingers = useLingering()
  const { state, error } = useStore(told)
  const found = useMemo(() => inboxTasks(tasks.values(), zone, lingers), [tasks, zone, lingers])
  return (
    <View title={t('view.inbox')} sub={found.length > 0 && t('inbox.sub')}>
      <QuickAdd />
      {found.length > 0 && <TaskList tasks={found} label={t('view.inbox')} />}
      {found.length === 0 && (
        <ListState state={state} error={error} retry={() => void loadTasks()}>
          <Empty icon="inbox" title={t('inbox.empty')}>
            {t('inbox.emptyHow')}
          </Empty>
        </ListState>
      )}
    </View>
  )
}
