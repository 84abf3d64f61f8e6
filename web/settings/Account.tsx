import { useEffect, useState, type FormEvent } from 'react'
import { call, callAuth, send, type Reply } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import type { Profile } from '../api/shapes.ts'
import { fieldSentences, sentence } from '../messages/sentence.ts'
import { agoWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { notify } from '../state/notices.ts'
import { leave, signOut } from '../state/session.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Field, Section } from './Field.tsx'
import { savePreference } from './save.ts'
import styles from './Settings.module.css'

type Session = Reply<'session-list'>['items'][number]

export function Account({ profile }: { profile: Profile }) {
  const t = useT()
  const [name, setName] = useState(profile.name)
  const [problem, setProblem] = useState<string>()
  return (
    <Section title={t('settings.account')}>
      <Field label={t('settings.name')} problem={problem}>
        {(given) => (
          <input
            {...given}
            value={name}
            autoComplete="name"
            maxLength={200}
            onChange={(event) => setName(event.target.value)}
            onBlur={() => name !== profile.name && void savePreference({ name }).then(setProblem)}
          />
        )}
      </Field>
      <div className={styles.field}>
        <span>{t('settings.email')}</span>
        <span>{profile.email}</span>
      </div>
      <Password />
      <div className={styles.actions}>
        <Button icon="user" onClick={() => void signOut()}>
          {t('action.signOut')}
        </Button>
      </div>
    </Section>
  )
}

function Password() {
  const t = useT()
  const [isOpen, setIsOpen] = useState(false)
  const [problems, setProblems] = useState<Record<string, string>>({})

  async function change(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = Object.fromEntries(new FormData(event.currentTarget))
    try {
      await callAuth('change-password', given)
      notify(t('password.changed'))
      setIsOpen(false)
      setProblems({})
    } catch (thrown) {
      const error = asApiError(thrown)
      const rules = fieldSentences(error)
      setProblems(Object.keys(rules).length > 0 ? rules : { newPassword: sentence(error) })
    }
  }

  if (!isOpen) {
    return (
      <div className={styles.actions}>
        <Button onClick={() => setIsOpen(true)}>{t('password.change')}</Button>
      </div>
    )
  }
  return (
    <form onSubmit={(event) => void change(event)}>
      <Field label={t('password.current')} problem={problems.currentPassword}>
        {(given) => (
          <input {...given} name="currentPassword" type="password" autoComplete="current-password" required />
        )}
      </Field>
      <Field label={t('password.new')} hint={t('rule.password')} problem={problems.newPassword}>
        {(given) => (
          <input
            {...given}
            name="newPassword"
            type="password"
            autoComplete="new-password"
            minLength={8}
            maxLength={128}
            required
          />
        )}
      </Field>
      <div className={styles.actions}>
        <Button type="submit" look="primary">
          {t('password.change')}
        </Button>
        <Button onClick={() => setIsOpen(false)}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}

/** Where the account is signed in. */
export function Sessions() {
  const t = useT()
  const [sessions, setSessions] = useState<Session[]>([])
  const [own, setOwn] = useState<string>()
  const load = () =>
    void Promise.all([call('session-list'), callAuth<{ session: { id: string } } | null>('get-session')])
      .then(([{ items }, current]) => {
        setSessions(items)
        setOwn(current?.session.id)
      })
      .catch(() => {})
  useEffect(load, [])
  const end = (session_id: string) =>
    void call('session-delete', { params: { session_id } })
      .catch(() => {})
      .then(load)
  return (
    <Section title={t('settings.sessions')}>
      {sessions.map(({ id, user_agent, created_at }) => (
        <div key={id} className={styles.row}>
          <span className={styles.grow}>
            {program(user_agent, t('sessions.unknown'))}
            <br />
            <span className={styles.soft}>
              {id === own ? t('sessions.here') : t('sessions.since', { ago: agoWords(created_at) })}
            </span>
          </span>
          {id !== own && <Button onClick={() => end(id)}>{t('sessions.end')}</Button>}
        </div>
      ))}
    </Section>
  )
}

/** "Firefox, Linux" of what a browser says of itself. */
function program(agent: string | null, unknown: string): string {
  if (!agent) return unknown
  const name = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(agent)?.[1]
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent)?.[1]
  if (!name) return agent.slice(0, 60)
  return [{ Edg: 'Edge', OPR: 'Opera' }[name] ?? name, system].filter(Boolean).join(', ')
}

/** Taking the data along, and leaving. */
export function Data() {
  const t = useT()
  const [isLeaving, setIsLeaving] = useState(false)
  const [isExporting, setIsExporting] = useState(false)

  async function save() {
    setIsExporting(true)
    try {
      const reply = await send('me-export', {})
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await reply.blob())
      link.download = `todo-${new Date().toISOString().slice(0, 10)}.json`
      link.click()
      URL.revokeObjectURL(link.href)
    } catch (thrown) {
      notify(sentence(asApiError(thrown)), { kind: 'problem' })
    }
    setIsExporting(false)
  }

  return (
    <Section title={t('settings.data')}>
      <div className={styles.row}>
        <span className={styles.grow}>
          {t('data.export')}
          <br />
          <span className={styles.soft}>{t('data.exportHint')}</span>
        </span>
        <Button disabled={isExporting} onClick={() => void save()}>
          {t('data.exportAction')}
        </Button>
      </div>
      <div className={styles.row}>
        <span className={styles.grow}>
          {t('data.delete')}
          <br />
          <span className={styles.soft}>{t('data.deleteHint')}</span>
        </span>
        <Button look="danger" onClick={() => setIsLeaving(true)}>
          {t('data.deleteAction')}
        </Button>
      </div>
      {isLeaving && <Leaving close={() => setIsLeaving(false)} />}
    </Section>
  )
}

function Leaving({ close }: { close: () => void }) {
  const t = useT()
  const [problem, setProblem] = useState<string>()

  async function end(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const password = new FormData(event.currentTarget).get('password')
    try {
      await callAuth('delete-user', { password })
      await leave()
    } catch (thrown) {
      const error = asApiError(thrown)
      setProblem(fieldSentences(error).password ? t('rule.currentPassword') : sentence(error))
    }
  }

  return (
    <Dialog title={t('data.delete')} close={close}>
      <p>{t('data.deleteSure')}</p>
      <form onSubmit={(event) => void end(event)}>
        <Field label={t('password.current')} problem={problem}>
          {(given) => (
            <input {...given} name="password" type="password" autoComplete="current-password" required />
          )}
        </Field>
        <div className={styles.actions}>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button type="submit" look="danger">
            {t('data.deleteAction')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
