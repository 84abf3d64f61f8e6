import { useId, useMemo, useState } from 'react'
import type { Task } from '../api/shapes.ts'
import { updateTask } from '../state/changes.ts'
import { useTasks } from '../state/tasks.ts'
import { tagCounts } from '../tasks/groups.ts'
import { useT } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import styles from './TaskPanel.module.css'

export function TagsField({ task }: { task: Task }) {
  const t = useT()
  const id = useId()
  const tasks = useTasks()
  const [text, setText] = useState('')
  const known = useMemo(() => tagCounts(tasks.values()).map(([tag]) => tag), [tasks])
  const problem = [...text].length > 50 ? t('rule.tag') : task.tags.length >= 20 ? t('rule.tags') : ''

  function add() {
    const tag = text.replace(/^#/, '').trim()
    if (!tag || problem) return
    setText('')
    if (!task.tags.includes(tag)) updateTask(task.id, { tags: [...task.tags, tag] })
  }

  return (
    <div className={styles.block}>
      <label className={styles.label} htmlFor={id}>
        <Icon name="tag" size={16} />
        {t('field.tags')}
      </label>
      <div className={styles.tags}>
        {task.tags.map((tag) => (
          <span key={tag} className={styles.tag}>
            #{tag}
            <button
              type="button"
              aria-label={t('tags.remove', { tag })}
              onClick={() => updateTask(task.id, { tags: task.tags.filter((other) => other !== tag) })}
            >
              <Icon name="close" size={14} />
            </button>
          </span>
        ))}
        <input
          id={id}
          data-field="tags"
          list={`${id}-known`}
          value={text}
          placeholder={t('tags.add')}
          autoComplete="off"
          aria-invalid={problem ? true : undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== ',') return
            event.preventDefault()
            add()
          }}
        />
        <datalist id={`${id}-known`}>
          {known
            .filter((tag) => !task.tags.includes(tag))
            .map((tag) => (
              <option key={tag} value={tag} />
            ))}
        </datalist>
      </div>
      {problem && <p className={styles.problem}>{problem}</p>}
    </div>
  )
}
