import { useStore } from '../state/store.ts'
import { selection } from '../state/selection.ts'
import { useOpenTask } from '../state/address.ts'
import { firstId, realId } from '../state/tasks.ts'
import type { Placed } from '../tasks/groups.ts'
import { TaskRow } from './TaskRow.tsx'

/** Tasks one below the other; `label` names the list where no heading does. */
export function TaskList({ tasks, label, hideDay }: { tasks: Placed[]; label: string; hideDay?: boolean }) {
  const open = useOpenTask()
  const selected = useStore(selection)
  return (
    <ul aria-label={label}>
      {tasks.map(({ task, due }) => (
        <TaskRow
          key={firstId(task.id)}
          task={task}
          due={due}
          hideDay={hideDay ?? false}
          isOpen={open !== undefined && realId(open) === task.id}
          isSelected={selected.has(task.id)}
        />
      ))}
    </ul>
  )
}
