/** The dates that a repeat makes, with reasons, and what a change of a series would do: from the engine that plans them. */
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { asApiError, type ApiError } from '../api/error.ts'
import type { Preview } from '../api/shapes.ts'
import { localDue } from '../dates/due.ts'
import { dayInFull, timeWords } from '../dates/words.ts'
import { fieldSentences, sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import { fieldsOf, type Form } from './rule.ts'
import styles from './RepeatEditor.module.css'

/** The series that the form changes; with `occurrence`, from there on. */
export type About = { recurring_task_id: string; occurrence?: string } | undefined

const pauseMs = 250

export function PreviewBox({ form, about }: { form: Form; about: About }) {
  const t = useT()
  const { preview, error } = usePreview(form, about)
  const problem = error && (Object.values(fieldSentences(error)).join(' ') || sentence(error))
  return (
    <section className={styles.preview} aria-label={t('repeat.next')} aria-live="polite">
      <h3>{problem ? t('repeat.next') : preview?.sentence || t('repeat.next')}</h3>
      {problem && <p className={styles.problem}>{problem}</p>}
      {!problem && preview && <Dates items={preview.items} />}
      {!problem && preview?.effect && <p className={styles.effect}>{preview.effect.summary}</p>}
    </section>
  )
}

function Dates({ items }: { items: Preview['items'] }) {
  const t = useT()
  const zone = useZone()
  const today = useToday()
  if (items.length === 0) return <p>{t('repeat.none')}</p>
  return (
    <ol>
      {items.map((item) => {
        const due = localDue(item, zone)!
        return (
          <li key={item.occurrence}>
            <span>
              {dayInFull(due.day, today)}
              {due.time && `, ${timeWords(due.time)}`}
            </span>
            {item.note && <span>{item.note}</span>}
          </li>
        )
      })}
    </ol>
  )
}

function usePreview(form: Form, about: About) {
  const [state, setState] = useState<{ preview?: Preview; error?: ApiError }>({})
  const key = JSON.stringify({ ...fieldsOf(form), ...about })
  useEffect(() => {
    let isLatest = true
    const timer = setTimeout(() => {
      call('recurring-task-preview', { body: JSON.parse(key) as Record<string, never> })
        .then((preview) => isLatest && setState({ preview }))
        .catch((thrown: unknown) => isLatest && setState({ error: asApiError(thrown) }))
    }, pauseMs)
    return () => {
      isLatest = false
      clearTimeout(timer)
    }
  }, [key])
  return state
}
