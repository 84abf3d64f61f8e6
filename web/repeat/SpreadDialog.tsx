/** Carries what was changed on one occurrence over to the series, after showing what that does. */
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import type { Series, SeriesDraft, Task } from '../api/shapes.ts'
import { sentence } from '../messages/sentence.ts'
import { useT, type MessageKey } from '../messages/translate.ts'
import { notify } from '../state/notices.ts'
import { updateFollowing, updateSeries } from '../state/series.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { ScopeChoice, type Scope } from './ScopeChoice.tsx'
import styles from './RepeatEditor.module.css'

/** Dates belong to the rule, which has an editor of its own. */
const spreadable = ['title', 'description', 'priority', 'tags', 'reminders'] as const

export function SpreadDialog({ task, series, close }: { task: Task; series: Series; close: () => void }) {
  const t = useT()
  const [scope, setScope] = useState<Scope>('following')
  const [effect, setEffect] = useState('')
  const fields = spreadable.filter((field) => task.overrides.includes(field))
  const patch = Object.fromEntries(fields.map((field) => [field, task[field]])) as Partial<SeriesDraft>
  const key = JSON.stringify(patch)
  const occurrence = scope === 'following' ? task.occurrence : null

  useEffect(() => {
    const from = occurrence ? { occurrence } : {}
    void call('recurring-task-preview', {
      body: { ...(JSON.parse(key) as Partial<SeriesDraft>), recurring_task_id: series.id, ...from },
    })
      .then((preview) => setEffect(preview.effect?.summary ?? ''))
      .catch(() => {})
  }, [key, series.id, occurrence])

  async function save() {
    try {
      if (scope === 'following' && task.occurrence) await updateFollowing(series, task.occurrence, patch)
      else await updateSeries(series, patch)
      close()
    } catch (thrown) {
      notify(sentence(asApiError(thrown)), { kind: 'problem' })
    }
  }

  return (
    <Dialog title={t('repeat.spread')} close={close}>
      <div className={styles.grid}>
        <p>{fields.map((field) => t(`field.${field}` as MessageKey)).join(', ')}</p>
        <ScopeChoice scope={scope} choose={setScope} />
        {effect && <p className={styles.effect}>{effect}</p>}
        <div className={styles.foot}>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button look="primary" disabled={fields.length === 0} onClick={() => void save()}>
            {t('action.apply')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
