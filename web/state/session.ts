/** Who is signed in, and everything that begins and ends with it. */
import { callAuth } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import { accessToken, forgetToken } from '../api/token.ts'
import { call } from '../api/call.ts'
import { clear } from '../offline/database.ts'
import { conflicts, mendCommand, showConflicts } from '../offline/mend.ts'
import { startQueue, stopQueue } from '../offline/queue.ts'
import { knownLocale } from '../messages/translate.ts'
import { loadAll, startLive, stopLive } from './live.ts'
import { forgetNotifications, loadNotifications } from './notifications.ts'
import { keptProfile, loadProfile, profile, takeProfile } from './profile.ts'
import { forgetSeries, loadSeries, showKeptSeries } from './series.ts'
import { createStore } from './store.ts'
import { forgetTasks, loadTasks, showKept } from './tasks.ts'

/** `ready`: the profile is known, from the server or from the last visit. */
export const session = createStore<'starting' | 'signed-out' | 'ready'>('starting')

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
    const error = asApiError(thrown)
    if (!error.passes) return session.set('signed-out')
    await startFromKept()
  }
  startLive()
}

/** No network: what was there at the last visit, and the commands go on waiting. */
async function startFromKept(): Promise<void> {
  const kept = await keptProfile()
  if (!kept) return session.set('signed-out')
  takeProfile(kept)
  await Promise.all([showKept(), showKeptSeries()])
  begin(kept.id)
  await loadAll()
}

function begin(userId: string): void {
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

/** Ends the session here and forgets what this browser kept; what waits to be sent stays for its owner. */
export async function signOut(): Promise<void> {
  await callAuth('sign-out', {}).catch(() => {})
  await leave()
}

export async function leave(): Promise<void> {
  stopLive()
  stopQueue()
  forgetToken()
  await clear('kept').catch(() => {})
  conflicts.set([])
  forgetTasks()
  forgetSeries()
  forgetNotifications()
  profile.set(undefined)
  started = false
  session.set('signed-out')
}
