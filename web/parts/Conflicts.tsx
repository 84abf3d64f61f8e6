/** A change that met somebody else's: both values of each field, and the person chooses. */
import { useState } from 'react'
import type { Task } from '../api/shapes.ts'
import { conflicts, postpone, settleConflict, type Conflict } from '../offline/mend.ts'
import { updateTask } from '../state/changes.ts'
import { useStore } from '../state/store.ts'
import { taskById, takeTasks } from '../state/tasks.ts'
import { useT, type MessageKey } from '../messages/translate.ts'
import { useValueText } from '../messages/value.ts'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import styles from './Conflicts.module.css'

export function Conflicts() {
  const [first] = useStore(conflicts)
  return first ? <ConflictDialog key={first.command.id} conflict={first} /> : null
}

function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const t = useT()
  const valueText = useValueText()
  const { command, current, fields } = conflict
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set(fields))

  function choose(field: string, isMine: boolean) {
    setMine((before) => {
      const after = new Set(before)
      if (isMine) after.add(field)
      else after.delete(field)
      return after
    })
  }

  function save() {
    const kept = Object.entries(command.body!).filter(([field]) => !fields.includes(field) || mine.has(field))
    // After a reload it may be one that no list has any more.
    if (!taskById(current.id)) takeTasks([current])
    if (kept.length > 0) updateTask(current.id, Object.fromEntries(kept))
    void settleConflict(conflict)
  }

  return (
    <Dialog title={t('conflict.title')} close={() => postpone(conflict)}>
      <p>{t('conflict.what', { title: current.title })}</p>
      <div className={styles.fields}>
        {fields.map((field) => (
          <fieldset key={field} className={styles.field}>
            <legend>{t(`field.${field === 'due_date' ? 'due' : field}` as MessageKey)}</legend>
            {[true, false].map((isMine) => (
              <label key={String(isMine)} className={styles.choice}>
                <input
                  type="radio"
                  name={field}
                  checked={mine.has(field) === isMine}
                  onChange={() => choose(field, isMine)}
                />
                <small>{t(isMine ? 'conflict.mine' : 'conflict.theirs')}</small>
                <span>{valueText(field, isMine ? command.body![field] : current[field as keyof Task])}</span>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <div className={styles.foot}>
        <Button onClick={() => void settleConflict(conflict)}>{t('conflict.drop')}</Button>
        <Button look="primary" onClick={save}>
          {t('action.save')}
        </Button>
      </div>
    </Dialog>
  )
}
