'use client'
import { profile } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { useT } from '../messages/translate.ts'
import { Account, Data, Sessions } from '../settings/Account.tsx'
import { Appearance } from '../settings/Appearance.tsx'
import { Channels } from '../settings/Channels.tsx'
import { Dates } from '../settings/Dates.tsx'
import { Loading } from '../parts/State.tsx'
import { View } from '../parts/View.tsx'
import { Link } from '../parts/Link.tsx'

export function SettingsView() {
  const t = useT()
  const known = useStore(profile)
  return (
    <View title={t('view.settings')}>
      {known ? (
        <>
          <Account key={known.id} profile={known} />
          <Dates profile={known} />
          <Channels profile={known} />
          <Appearance />
          <Sessions />
          <Data />
          <p>
            <Link href="/docs">{t('view.docs')}</Link>
          </p>
        </>
      ) : (
        <Loading />
      )}
    </View>
  )
}
