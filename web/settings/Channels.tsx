import { useState } from 'react'
import { call } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import type { Notification, Profile } from '../api/shapes.ts'
import { sentence } from '../messages/sentence.ts'
import { useT } from '../messages/translate.ts'
import { DeliveryLine } from '../panel/Ledger.tsx'
import { Button } from '../parts/Button.tsx'
import { Section } from './Field.tsx'
import { savePreference } from './save.ts'
import styles from './Settings.module.css'

const waitMs = 15_000

/** Which channels carry reminders, and a test that goes the whole way. */
export function Channels({ profile }: { profile: Profile }) {
  const t = useT()
  const [test, setTest] = useState<{
    state: 'running' | 'done' | 'late'
    item?: Notification
    problem?: string
  }>()

  async function run() {
    setTest({ state: 'running' })
    try {
      const item = await testReminder(t('channels.testTitle'))
      setTest(item ? { state: 'done', item } : { state: 'late' })
    } catch (thrown) {
      setTest({ state: 'done', problem: sentence(asApiError(thrown)) })
    }
  }

  const set = (channel: 'email', on: boolean) =>
    void savePreference({ channels: on ? ['in_app', channel] : ['in_app'] })
  return (
    <Section title={t('settings.channels')}>
      <label className={styles.check}>
        <input type="checkbox" checked disabled />
        {t('channels.inApp')}
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={profile.channels.includes('email')}
          onChange={(event) => set('email', event.target.checked)}
        />
        {t('channels.email', { email: profile.email ?? t('channels.noAddress') })}
      </label>
      <div className={styles.actions}>
        <Button icon="bell" disabled={test?.state === 'running'} onClick={() => void run()}>
          {t('channels.test')}
        </Button>
      </div>
      <div role="status">
        {test?.state === 'running' && <p className={styles.soft}>{t('channels.running')}</p>}
        {test?.state === 'late' && <p className={styles.soft}>{t('channels.late')}</p>}
        {test?.problem && <p className={styles.soft}>{test.problem}</p>}
        {test?.item?.deliveries.map((delivery) => (
          <DeliveryLine key={delivery.channel} delivery={delivery} />
        ))}
      </div>
    </Section>
  )
}

/**
 * A real reminder of a real task, due at once, so that a pass means that reminders arrive; the task is removed afterwards.
 * Answers its notification when every channel has an outcome, or what there is after 15 seconds.
 */
async function testReminder(title: string): Promise<Notification | undefined> {
  const body = { title, due_date: `${new Date(Date.now() + 1_000).toISOString().slice(0, 19)}Z` }
  const task = await call('task-create', { body }, { idempotencyKey: crypto.randomUUID() })
  const deadline = Date.now() + waitMs
  let item: Notification | undefined
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { items } = await call('notification-list', { query: { task_id: task.id } })
    item = items[0]
    if (item?.deliveries.every(({ state }) => state !== 'planned')) break
  }
  await call('task-delete', { params: { task_id: task.id } })
  return item
}
