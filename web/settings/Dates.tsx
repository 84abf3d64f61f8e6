import { useState } from 'react'
import type { Profile } from '../api/shapes.ts'
import { weekdayName } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { Field, Section } from './Field.tsx'
import { savePreference } from './save.ts'
import styles from './Settings.module.css'

/** How the person reads dates and when they are reminded. */
export function Dates({ profile }: { profile: Profile }) {
  const t = useT()
  const browserZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const zones = Intl.supportedValuesOf('timeZone')
  const locales = [...new Set(['en', 'en-GB', 'en-US', 'de', 'de-AT', 'de-CH', profile.locale])]
  return (
    <Section title={t('settings.dates')}>
      <Field label={t('settings.locale')}>
        {(given) => (
          <select
            {...given}
            value={profile.locale}
            onChange={(event) => void savePreference({ locale: event.target.value })}
          >
            {locales.map((locale) => (
              <option key={locale} value={locale}>
                {new Intl.DisplayNames(locale, { type: 'language' }).of(locale)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('settings.zone')} hint={t('settings.zoneHint')}>
        {(given) => (
          <select
            {...given}
            value={profile.time_zone}
            onChange={(event) => void savePreference({ time_zone: event.target.value })}
          >
            {[...new Set([profile.time_zone, 'UTC', ...zones])].map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </select>
        )}
      </Field>
      {browserZone !== profile.time_zone && (
        <div className={styles.row}>
          <span className={styles.grow}>{t('settings.otherZone', { zone: browserZone })}</span>
          <Button onClick={() => void savePreference({ time_zone: browserZone })}>
            {t('settings.useZone', { zone: browserZone })}
          </Button>
        </div>
      )}
      <Field label={t('settings.weekStart')}>
        {(given) => (
          <select
            {...given}
            value={profile.week_start}
            onChange={(event) => void savePreference({ week_start: Number(event.target.value) as 1 })}
          >
            {[1, 6, 7].map((day) => (
              <option key={day} value={day}>
                {weekdayName(day)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TimeField
        label={t('settings.dayStart')}
        hint={t('settings.dayStartHint')}
        value={profile.day_start}
        save={(day_start) => savePreference({ day_start })}
      />
      <TimeField
        label={t('settings.reminderTime')}
        hint={t('settings.reminderTimeHint')}
        value={profile.reminder_time}
        save={(reminder_time) => savePreference({ reminder_time })}
      />
    </Section>
  )
}

type TimeProps = {
  label: string
  hint: string
  value: string
  save: (time: string) => Promise<string | undefined>
}

function TimeField({ label, hint, value, save }: TimeProps) {
  const [problem, setProblem] = useState<string>()
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(given) => (
        <input
          {...given}
          key={value}
          type="time"
          defaultValue={value}
          onBlur={(event) => {
            const time = event.target.value
            if (time && time !== value) void save(time).then(setProblem)
          }}
        />
      )}
    </Field>
  )
}
