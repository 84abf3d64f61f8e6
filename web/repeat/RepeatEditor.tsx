/** How a task repeats: the rule, its end, from when it counts, and what happens to missed ones; with the dates that it makes. */
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react'
import type { ApiError } from '../api/error.ts'
import { asApiError } from '../api/error.ts'
import { fieldSentences, sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { useZone } from '../state/profile.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { DayInput } from './DayInput.tsx'
import { EndChoice } from './EndChoice.tsx'
import { FineChoices } from './FineChoices.tsx'
import { PreviewBox, usePreview, type PreviewBody } from './PreviewBox.tsx'
import { RuleChoice } from './RuleChoice.tsx'
import { fieldsOf, type Form } from './rule.ts'
import styles from './RepeatEditor.module.css'

type Props = {
  given: Form
  /** What the server is asked about the form: what it would be told to save. */
  bodyOf?: (form: Form) => PreviewBody
  /** What else is to be chosen, such as how far a change reaches. */
  children?: ReactNode
  save: (form: Form) => Promise<void> | void
  close: () => void
}

export function RepeatEditor({ given, bodyOf = fieldsOf, children, save, close }: Props) {
  const t = useT()
  const [form, setForm] = useState(given)
  const [isBusy, setIsBusy] = useState(false)
  const [refused, setRefused] = useState<{ body: string; error: ApiError }>()
  const box = useRef<HTMLElement>(null)
  const body = JSON.stringify(bodyOf(form))
  const answer = usePreview(body)
  // Saving waits for the answer to what is shown: whoever goes on changing it, or leaves, has not saved.
  const [wanted, setWanted] = useState<string>()
  const isWanted = wanted === body
  const isAnswered = answer?.body === body
  const error = refused?.body === body ? refused.error : answer?.error
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))

  const isOpen = useRef(false)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])

  const submit = useEffectEvent(async () => {
    setWanted(undefined)
    // Without a server it is told later.
    if (answer?.error && !answer.error.passes) return box.current?.focus()
    setIsBusy(true)
    try {
      await save(form)
      if (isOpen.current) close()
    } catch (thrown) {
      setRefused({ body, error: asApiError(thrown) })
      setIsBusy(false)
    }
  })
  useEffect(() => {
    if (isWanted && isAnswered) void submit()
  }, [isWanted, isAnswered])

  return (
    <Dialog title={t('field.repeat')} close={close} isWide>
      <form
        className={`${styles.grid} ${styles.editor}`}
        onSubmit={(event) => {
          event.preventDefault()
          setRefused(undefined)
          setWanted(body)
        }}
      >
        <div className={styles.grid}>
          <RuleChoice form={form} change={change} />
          <FirstDate form={form} change={change} />
          <EndChoice form={form} change={change} />
          <FineChoices form={form} change={change} />
        </div>
        <div className={styles.beside}>
          <PreviewBox
            ref={box}
            preview={answer?.preview}
            problem={error ? Object.values(fieldSentences(error)).join(' ') || sentence(error) : ''}
          />
          {children}
        </div>
        <div className={styles.foot}>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" disabled={isWanted || isBusy}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export type PartProps = { form: Form; change: (part: Partial<Form>) => void }

function FirstDate({ form, change }: PartProps) {
  const t = useT()
  const own = useZone()
  return (
    <fieldset>
      <legend className={styles.label}>{t('repeat.first')}</legend>
      <div className={styles.row}>
        <DayInput label={t('due.day')} day={form.day} change={(day) => change({ day })} />
        <input
          type="time"
          aria-label={t('due.time')}
          value={form.time ?? ''}
          onChange={(event) => change({ time: event.target.value || null })}
        />
      </div>
      {form.time !== null && form.zone !== null && form.zone !== own && (
        <p className={styles.hint}>{t('repeat.zone', { zone: form.zone })}</p>
      )}
    </fieldset>
  )
}
