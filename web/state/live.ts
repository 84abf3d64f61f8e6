/**
 * Keeps an open page up to date. It asks for the latest events, with the ETag of those it knows: mostly the answer is 304, one
 * index read and no body. A stream (server-sent events) would keep a pod awake for every page that is open somewhere; asking
 * lets the function scale to zero with the last person who looks.
 */
import { call, send } from '../api/call.ts'
import { asApiError } from '../api/error.ts'
import type { Operations } from '../generated/api.ts'
import { created } from '../offline/queue.ts'
import { loadNotifications } from './notifications.ts'
import { loadProfile } from './profile.ts'
import { loadSeries } from './series.ts'
import { createStore } from './store.ts'
import { loadTasks, readTask, taskById, told } from './tasks.ts'

/** A page follows within two seconds: this pause, and the looks at what changed. `bench/web` measures it. */
const pauseMs = 1_000
const longestPauseMs = 30_000
/** Loading takes no longer, and clocks differ by no more. */
const recentMs = 120_000
/** As many events as one look tells. More new ones than that, and everything is read anew. */
const eventsMax = 20

type Event = Operations['event-list']['reply']['items'][number]

/** What the last look has shown: `away` is the server, `signed-out` the person, whose session has ended meanwhile. */
export const connection = createStore<'up' | 'away' | 'signed-out'>('up')

/** Begins to look, for as long as the page is there. */
export function startLive(): void {
  const known = new Set<string>()
  let etag = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = pauseMs

  async function look(): Promise<void> {
    clearTimeout(timer)
    try {
      const query = { page_size: String(eventsMax) }
      const reply = await send('event-list', { query }, {}, etag ? { 'if-none-match': etag } : {})
      if (connection.get() !== 'up') await reload()
      if (reply.status === 200) {
        const { items } = (await reply.json()) as { items: Event[] }
        const fresh = items.filter((event) => !known.has(event.id))
        // At the first look most of it is older than what was loaded.
        await (etag === '' ? catchUp(fresh) : follow(fresh))
        // Not before: what could not be read now is looked at again.
        etag = reply.headers.get('etag') ?? ''
        for (const { id } of items) known.add(id)
      }
      // Not before either: while one of the functions fails, everything is asked for less and less often.
      connection.set('up')
      pause = pauseMs
    } catch (thrown) {
      const { passes, code, retryAfterMs = 0 } = asApiError(thrown)
      connection.set(passes ? 'away' : code === 'unauthorized' ? 'signed-out' : 'up')
      pause = Math.max(retryAfterMs, Math.min(pause * 2, longestPauseMs))
    }
    if (document.visibilityState === 'visible') timer = setTimeout(() => void look(), pause)
  }

  const wake = () => {
    pause = pauseMs
    if (document.visibilityState === 'visible') void look()
  }
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('online', wake)
  void look()
}

/** Reads everything that views show. */
export async function loadAll(): Promise<void> {
  await Promise.allSettled([loadTasks(), loadSeries(), loadNotifications(), loadProfile()])
}

/** The same; throws when the tasks could not be read. */
async function reload(): Promise<void> {
  await loadAll()
  const { error } = told.get()
  if (error) throw error
}

/** What was made or changed while everything was being loaded. */
const catchUp = (fresh: Event[]) =>
  follow(fresh.filter(({ type, at }) => isMade(type) && Date.now() - Date.parse(at) < recentMs))

const isMade = (type: string): boolean => type === 'task.created' || isOfSeries(type)

const isOfSeries = (type: string): boolean => type.startsWith('recurring-task.')

async function follow(fresh: Event[]): Promise<void> {
  if (fresh.length >= eventsMax) return reload()
  if (fresh.some(({ task_id }) => task_id && !taskById(task_id))) await created()
  const changed = new Set(fresh.filter(isNews).flatMap(({ task_id }) => task_id ?? []))
  await Promise.all([...changed].map((id) => readTask(id)))
  if (fresh.some(({ type }) => isOfSeries(type))) await loadSeries()
  const due = fresh.flatMap(({ type, task_id }) => (type === 'task.due-soon' && task_id ? [task_id] : []))
  if (due.length > 0) await expectNotifications(due)
}

/** Of a task that is not known only what makes it show is news. */
function isNews({ task_id, type, data }: Event): boolean {
  const known = task_id ? taskById(task_id) : undefined
  return known ? known.version !== data.version : /^task\.(created|reopened|restored|updated)$/.test(type)
}

/** The event is there a moment before the notification that it causes. */
async function expectNotifications(tasks: string[]): Promise<void> {
  for (const pause of [0, 500, 2_000]) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const { items } = await call('notification-list', { query: { page_size: '30' } })
    if (!tasks.every((id) => items.some((item) => item.task_id === id))) continue
    return loadNotifications()
  }
}
