/** How a task repeats: the rule, its end, from when it counts, and what happens to missed ones; with the dates that it makes. */
import { useState, type ReactNode } from 'react'
import type { ApiError } from '../api/error.ts'
import { asApiError } from '../api/error.ts'
import { fieldSentences, sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { useZone } from '../state/profile.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { EndChoice } from './EndChoice.tsx'
import { FineChoices } from './FineChoices.tsx'
import { PreviewBox, type About } from './PreviewBox.tsx'
import { RuleChoice } from './RuleChoice.tsx'
import type { Form } from './rule.ts'
import styles from './RepeatEditor.module.css'

type Props = {
  given: Form
  about?: About
  /** What else is to be chosen, such as how far a change reaches. */
  children?: ReactNode
  save: (form: Form) => Promise<void>
  close: () => void
}

export function RepeatEditor({ given, about, children, save, close }: Props) {
  const t = useT()
  const [form, setForm] = useState(given)
  const [error, setError] = useState<ApiError>()
  const [isBusy, setIsBusy] = useState(false)
  const change = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))

  async function submit() {
    setIsBusy(true)
    setError(undefined)
    try {
      await save(form)
      close()
    } catch (thrown) {
      setError(asApiError(thrown))
      setIsBusy(false)
    }
  }

  return (
    <Dialog title={t('field.repeat')} close={close} isWide>
      <form
        className={`${styles.grid} ${styles.editor}`}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className={styles.grid}>
          <RuleChoice form={form} change={change} />
          <FirstDate form={form} change={change} />
          <EndChoice form={form} change={change} />
          <FineChoices form={form} change={change} />
        </div>
        <div className={styles.beside}>
          <PreviewBox form={form} about={about} />
          {children}
          <p className={styles.problem} role="alert">
            {error && (Object.values(fieldSentences(error)).join(' ') || sentence(error))}
          </p>
        </div>
        <div className={styles.foot}>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" disabled={isBusy}>
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
        <input
          type="date"
          required
          aria-label={t('due.day')}
          min="1970-01-01"
          max="2200-12-31"
          value={form.day}
          onChange={(event) => event.target.validity.valid && change({ day: event.target.value })}
        />
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
