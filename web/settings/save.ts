/** Saving of preferences: shown at once, and taken back with the reason when the server refuses. */
import { call } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import type { Operations } from '../generated/api.ts'
import { fieldSentences, sentence } from '../messages/sentence.ts'
import { t } from '../messages/translate.ts'
import { notify } from '../state/notices.ts'
import { profile, takeProfile } from '../state/profile.ts'

type Patch = Operations['me-update-patch']['body']

/** Answers the rule that the given value breaks, if any. */
export async function savePreference(patch: Patch): Promise<string | undefined> {
  const before = profile.get()
  if (!before) return undefined
  profile.set({ ...before, ...patch })
  try {
    const reply = await call('me-update-patch', { body: patch })
    const { moved, ...told } = reply as typeof reply & { moved?: number }
    takeProfile(told)
    notify(moved ? t('settings.savedMoved', { n: moved }) : t('save.saved'))
    return undefined
  } catch (thrown) {
    const error = asApiError(thrown)
    profile.set(before)
    const [rule] = Object.values(fieldSentences(error))
    if (!rule) notify(sentence(error), { kind: 'problem' })
    return rule
  }
}
