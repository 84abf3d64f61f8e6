/** What happened to a task and why, the latest first. */
import { useCallback, useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import type { HistoryEntry, Task } from '../api/shapes.ts'
import { localPrefix } from '../offline/command.ts'
import { useZone } from '../state/profile.ts'
import { instantWords } from '../dates/words.ts'
import { language, useT, type MessageKey, type Translate } from '../messages/translate.ts'
import { useValueText } from '../messages/value.ts'
import { Icon } from '../parts/Icon.tsx'
import panel from './TaskPanel.module.css'
import styles from './Ledger.module.css'

export function History({ task }: { task: Task }) {
  const t = useT()
  const [entries, setEntries] = useState<HistoryEntry[]>([])
  const [next, setNext] = useState<string | null>(null)

  const load = useCallback(
    async (cursor?: string) => {
      const query = { page_size: '10', ...(cursor && { cursor }) }
      const reply = await call('task-history', { params: { task_id: task.id }, query })
      setEntries((before) => (cursor ? [...before, ...reply.items] : reply.items))
      setNext(reply.next_cursor)
    },
    [task.id],
  )

  useEffect(() => {
    if (!task.id.startsWith(localPrefix)) void load().catch(() => {})
  }, [load, task.id, task.version])

  if (entries.length === 0) return null
  return (
    <section className={panel.block} aria-label={t('history.title')}>
      <p className={panel.label} aria-hidden="true">
        <Icon name="clock" size={16} />
        {t('history.title')}
      </p>
      <ol>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {next && (
        <button type="button" className={`${panel.pill} ${styles.more}`} onClick={() => void load(next)}>
          {t('action.more')}
        </button>
      )}
    </section>
  )
}

function Entry({ entry: { type, at, cause, changes } }: { entry: HistoryEntry }) {
  const t = useT()
  const zone = useZone()
  const valueText = useValueText()
  return (
    <li className={styles.entry}>
      <span>{named('history', type, t)}</span>
      {Object.entries(changes ?? {}).map(([field, [before, after]]) => (
        <span key={field} className={styles.change}>
          {named('field', field === 'due_date' ? 'due' : field, t)}: <del>{valueText(field, before)}</del> →{' '}
          <ins>{valueText(field, after)}</ins>
        </span>
      ))}
      <small>
        <time dateTime={at}>{instantWords(at, zone, true)}</time>, {t(`cause.${cause.by}`)}
        {cause.by !== 'user' && ` (${cause.function})`}
      </small>
    </li>
  )
}

/** A message for the name, or the name itself where there is none. */
function named(group: string, name: string, t: Translate): string {
  const key = `${group}.${name}` as MessageKey
  return key in language.get().messages ? t(key) : name
}
