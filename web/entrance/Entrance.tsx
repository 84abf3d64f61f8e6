'use client'
/** Signing in and signing up: one form, with a name more for whoever is new. */
import { useRouter } from 'next/navigation'
import { useEffect, useId, useState, type FormEvent, type HTMLInputTypeAttribute } from 'react'
import { asApiError, type ApiError } from '../api/error.ts'
import { fieldSentences, sentence } from '../messages/sentence.ts'
import { speak, useT, type Translate } from '../messages/translate.ts'
import { session, signIn, signUp } from '../state/session.ts'
import { useStore } from '../state/store.ts'
import { Button } from '../parts/Button.tsx'
import { Icon } from '../parts/Icon.tsx'
import { destination } from './destination.ts'
import styles from './Entrance.module.css'
import { Link } from '../parts/Link.tsx'

export function Entrance({ isNew }: { isNew: boolean }) {
  const t = useT()
  const router = useRouter()
  const state = useStore(session)
  const [problems, setProblems] = useState<Record<string, string>>({})
  const [isBusy, setIsBusy] = useState(false)
  /** Where one comes from goes along from one form to the other; the exported page does not know it. */
  const [search, setSearch] = useState('')
  useEffect(() => {
    void speak(navigator.language)
    setSearch(window.location.search)
  }, [])
  useEffect(() => {
    document.title = `${t(isNew ? 'entrance.signUp' : 'entrance.signIn')} · Todo`
  }, [t, isNew])
  useEffect(() => {
    const { search, origin } = window.location
    if (state === 'ready') router.replace(destination(new URLSearchParams(search).get('to'), origin))
  }, [state, router])

  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
    const missing = rules(given, isNew, t)
    setProblems(missing)
    if (Object.keys(missing).length > 0) return
    setIsBusy(true)
    try {
      if (isNew) await signUp(given.name!, given.email!, given.password!)
      else await signIn(given.email!, given.password!)
    } catch (thrown) {
      setProblems(refusals(asApiError(thrown), t))
    }
    setIsBusy(false)
  }

  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.mark}>
          <Icon name="check" size={26} />
        </div>
        <h1>{t(isNew ? 'entrance.signUp' : 'entrance.signIn')}</h1>
        <p className={styles.sub}>{t(isNew ? 'entrance.signUpSub' : 'entrance.signInSub')}</p>
        <form onSubmit={(event) => void enter(event)} noValidate>
          {isNew && (
            <TextField name="name" label={t('settings.name')} autoComplete="name" problem={problems.name} />
          )}
          <TextField
            name="email"
            type="email"
            label={t('settings.email')}
            autoComplete="email"
            problem={problems.email}
          />
          <TextField
            name="password"
            type="password"
            label={t('entrance.password')}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            hint={isNew ? t('rule.password') : undefined}
            problem={problems.password}
          />
          <div role="alert">{problems.form && <p className={styles.problem}>{problems.form}</p>}</div>
          <Button type="submit" look="primary" className={styles.submit ?? ''} disabled={isBusy}>
            {t(isNew ? 'entrance.signUp' : 'entrance.signIn')}
          </Button>
        </form>
        <p className={styles.other}>
          {t(isNew ? 'entrance.known' : 'entrance.new')}{' '}
          <Link href={`${isNew ? '/sign-in' : '/sign-up'}${search}`}>
            {t(isNew ? 'entrance.signIn' : 'entrance.signUp')}
          </Link>
        </p>
      </div>
    </main>
  )
}

/** What the server refused: by field, or `form` for all of it. */
function refusals(error: ApiError, t: Translate): Record<string, string> {
  const fields = fieldSentences(error)
  if (Object.keys(fields).length > 0) return fields
  if (error.code === 'unauthorized') return { form: t('entrance.wrong') }
  return { form: error.code === 'conflict' ? t('entrance.taken') : sentence(error) }
}

/** What is missing, by field, before anything is sent. */
function rules(given: Record<string, string>, isNew: boolean, t: Translate): Record<string, string> {
  return {
    ...(isNew && !given.name?.trim() && { name: t('rule.name') }),
    ...(!/^\S+@\S+\.\S+$/.test(given.email ?? '') && { email: t('rule.email') }),
    ...(isNew && (given.password ?? '').length < 8 && { password: t('rule.password') }),
    ...(!isNew && !given.password && { password: t('rule.passwordMissing') }),
  }
}

type TextProps = {
  name: string
  label: string
  type?: HTMLInputTypeAttribute
  autoComplete: string
  hint?: string | undefined
  problem: string | undefined
}

function TextField({ name, label, type = 'text', autoComplete, hint, problem }: TextProps) {
  const id = useId()
  const about = problem || hint
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        autoComplete={autoComplete}
        aria-describedby={about ? `${id}-about` : undefined}
        aria-invalid={problem ? true : undefined}
      />
      {about && (
        <small id={`${id}-about`} className={problem ? styles.problem : undefined}>
          {about}
        </small>
      )}
    </div>
  )
}
