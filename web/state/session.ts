/** Who is signed in, and everything that begins and ends with it. */
import { callAuth } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import { accessToken, bindToken, forgetToken } from '../api/token.ts'
import { call } from '../api/call.ts'
import { forgetKept } from '../offline/database.ts'
import { mendCommand, showConflicts } from '../offline/mend.ts'
import { startQueue } from '../offline/queue.ts'
import { sentence } from '../messages/sentence.ts'
import { knownLocale, t } from '../messages/translate.ts'
import { signInHref } from './address.ts'
import { loadAll, startLive } from './live.ts'
import { notify } from './notices.ts'
import { loadNotifications } from './notifications.ts'
import { keptProfile, loadProfile, profile, takeProfile } from './profile.ts'
import { loadSeries, showKeptSeries } from './series.ts'
import { createStore } from './store.ts'
import { loadTasks, showKept } from './tasks.ts'

/** `ready`: the profile is known, from the server or from the last visit. */
export const session = createStore<'starting' | 'signed-out' | 'ready'>('starting')

/** Between the pages of this browser: who has signed in or out. */
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('todo-session')

let started = false

/** Finds out whether somebody is signed in, and shows what is theirs. */
export async function startSession(): Promise<void> {
  if (started) return
  started = true
  try {
    await accessToken()
    const lists = Promise.allSettled([loadTasks(), loadSeries(), loadNotifications()])
    begin((await loadProfile()).id)
    await lists
  } catch (thrown) {
    if (!asApiError(thrown).passes || !(await startFromKept())) return session.set('signed-out')
  }
  startLive()
}

/** No network: what was there at the last visit, if anything was, and the commands go on waiting. */
async function startFromKept(): Promise<boolean> {
  const kept = await keptProfile()
  if (!kept) return false
  takeProfile(kept)
  await Promise.all([showKept(), showKeptSeries()])
  begin(kept.id)
  await loadAll()
  return true
}

function begin(userId: string): void {
  bindToken(userId, () => void end())
  channel?.postMessage({ entered: userId })
  session.set('ready')
  void showConflicts(userId)
  void startQueue(userId, mendCommand)
}

export async function signIn(email: string, password: string): Promise<void> {
  await callAuth('sign-in/email', { email, password })
  await enter()
}

/** Makes an account that reads dates as this browser does. */
export async function signUp(name: string, email: string, password: string): Promise<void> {
  await callAuth('sign-up/email', { name, email, password })
  forgetToken()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const locale = knownLocale(navigator.language)
  await call('me-update-patch', {
    body: { time_zone: timeZone, locale, week_start: weekStartOf(locale) },
  }).catch(() => {})
  await enter()
}

/** 1 is Monday. Browsers that do not know it get what ISO 8601 says. */
function weekStartOf(locale: string): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  const known = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } }
  return (known.getWeekInfo?.().firstDay ?? 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7
}

async function enter(): Promise<void> {
  forgetToken()
  started = false
  session.set('starting')
  await startSession()
}

/** Ends the session; what waits to be sent stays for its owner. Without a server it cannot end, which is said. */
export async function signOut(): Promise<void> {
  try {
    await callAuth('sign-out', {})
  } catch (thrown) {
    const error = asApiError(thrown)
    if (error.code !== 'unauthorized')
      return void notify(t('said.stillSignedIn', { why: sentence(error) }), { kind: 'problem' })
  }
  await leave()
}

/** Ends every page of a person who leaves. Whoever comes next at this one begins at the beginning. */
export async function leave(): Promise<void> {
  channel?.postMessage({ left: profile.get()?.id })
  await end('/sign-in')
}

/** Forgets what this browser kept, and this page with everything that it knows. */
async function end(next = signInHref()): Promise<void> {
  await forgetKept().catch(() => {})
  window.location.replace(next)
}

// A page shows nothing of somebody who has left in another one.
channel?.addEventListener('message', ({ data }: MessageEvent<{ entered: string } | { left: string }>) => {
  const own = profile.get()?.id
  if (own && ('left' in data ? data.left === own : data.entered !== own)) void end()
})
