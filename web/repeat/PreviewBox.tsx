/** The dates that a repeat makes, with reasons, and what a change of a series would do: from the engine that plans them. */
import { useEffect, useState, type Ref } from 'react'
import { call } from '../api/call.ts'
import { asApiError, type ApiError } from '../api/error.ts'
import type { Preview } from '../api/shapes.ts'
import type { Operations } from '../generated/api.ts'
import { localDue } from '../dates/due.ts'
import { dayInFull, timeWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { useToday } from '../state/here.ts'
import { useZone } from '../state/profile.ts'
import styles from './RepeatEditor.module.css'

export type PreviewBody = NonNullable<Operations['recurring-task-preview']['body']>

/** What the server answered to a body, which is told as JSON. */
type Answer = { body: string; preview?: Preview; error?: ApiError }

const pauseMs = 250

type Props = { preview: Preview | undefined; problem: string; ref: Ref<HTMLElement> }

export function PreviewBox({ preview, problem, ref }: Props) {
  const t = useT()
  return (
    <section
      ref={ref}
      tabIndex={-1}
      className={styles.preview}
      aria-label={t('repeat.next')}
      aria-live="polite"
    >
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

/** The latest answer, which is to an earlier body until the present one has been answered. */
export function usePreview(body: string): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    let isLatest = true
    const timer = setTimeout(() => {
      call('recurring-task-preview', { body: JSON.parse(body) as PreviewBody })
        .then((preview) => isLatest && setAnswer({ body, preview }))
        .catch((thrown: unknown) => isLatest && setAnswer({ body, error: asApiError(thrown) }))
    }, pauseMs)
    return () => {
      isLatest = false
      clearTimeout(timer)
    }
  }, [body])
  return answer
}
