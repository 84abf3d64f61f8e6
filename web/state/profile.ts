/** The signed-in person, and how they read dates. */
import { call } from '../api/call.ts'
import type { Profile } from '../api/shapes.ts'
import { keep, read } from '../offline/database.ts'
import { speak } from '../messages/translate.ts'
import { createStore, useStore } from './store.ts'

export const profile = createStore<Profile | undefined>(undefined)

/** Takes a profile that the server told, and the language that it asks for. */
export function takeProfile(next: Profile): void {
  profile.set(next)
  void speak(next.locale)
  void keep('profile', next)
}

export async function loadProfile(): Promise<Profile> {
  const told = await call('me-get')
  takeProfile(told)
  return told
}

/** Resolves as soon as it is known whose page this is. */
export const profileKnown = (): Promise<Profile> =>
  new Promise((resolve) => {
    const look = () => {
      const known = profile.get()
      if (!known) return
      stop()
      resolve(known)
    }
    const stop = profile.subscribe(look)
    look()
  })

/** The profile of the last visit, for a start without a network. */
export const keptProfile = () => read<Profile>('kept', 'profile')

export const zone = (): string => profile.get()?.time_zone ?? 'UTC'

export const useZone = (): string => useStore(profile, (value) => value?.time_zone ?? 'UTC')
