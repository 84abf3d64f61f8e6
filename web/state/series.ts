/** The recurring tasks of the user. */
import { languageOf } from '../../shared/contract/language.ts'
import { call } from '../api/call.ts'
import { asApiError, type ApiError } from '../api/error.ts'
import type { Series, SeriesDraft } from '../api/shapes.ts'
import { sentence } from '../messages/sentence.ts'
import { language, t } from '../messages/translate.ts'
import { keep, read } from '../offline/database.ts'
import { notify } from './notices.ts'
import { createStore } from './store.ts'
import { loadTasks } from './tasks.ts'

const pagesMax = 10

type Known = { all: ReadonlyMap<string, Series>; state: 'loading' | 'loaded'; error?: ApiError }

export const series = createStore<Known>({ all: new Map(), state: 'loading' })

function takeSeries(one: Series): void {
  series.set(({ all, state }) => ({ all: new Map(all).set(one.id, one), state }))
}

let loads = 0

/** Throws an `ApiError`, which the store tells as well. */
export async function loadSeries(): Promise<void> {
  const load = ++loads
  try {
    const found = await readSeries()
    // One that began later knows better: perhaps in which language the reader wants the sentences.
    if (load !== loads) return
    series.set({ all: found, state: 'loaded' })
    void keep('series', [...found.values()])
  } catch (thrown) {
    if (load === loads) series.set(({ all }) => ({ all, state: 'loaded', error: asApiError(thrown) }))
    throw thrown
  }
}

async function readSeries(): Promise<Map<string, Series>> {
  const found = new Map<string, Series>()
  let cursor: string | undefined
  for (let page = 0; page < pagesMax; page++) {
    const reply = await call('recurring-task-list', {
      query: { page_size: '100', ...(cursor && { cursor }) },
    })
    for (const one of reply.items) found.set(one.id, one)
    cursor = reply.next_cursor ?? undefined
    if (!cursor) break
  }
  return found
}

let spoken = language.get().locale
language.subscribe(() => {
  const { locale } = language.get()
  if (loads > 0 && languageOf(locale) !== languageOf(spoken)) void loadSeries().catch(() => {})
  spoken = locale
})

export async function showKeptSeries(): Promise<void> {
  const kept = await read<Series[]>('kept', 'series')
  if (!kept || series.get().all.size > 0) return
  series.set((before) => ({ ...before, all: new Map(kept.map((one) => [one.id, one])) }))
}

type Patch = Omit<Partial<SeriesDraft>, 'title'> & { title?: string; is_active?: boolean }

/** Changes the whole series; says what that did. Throws an `ApiError`. */
export async function updateSeries({ id, version }: Series, patch: Patch): Promise<void> {
  const { effect, ...changed } = await call(
    'recurring-task-update-patch',
    { params: { recurring_task_id: id }, body: patch },
    { ifMatch: `"${version}"` },
  )
  takeSeries(changed)
  if (effect?.summary) notify(effect.summary)
  await loadTasks()
}

/** Ends the series before an occurrence, and begins a new one with it. Throws an `ApiError`. */
export async function updateFollowing({ id }: Series, occurrence: string, patch: Patch): Promise<void> {
  await call('occurrence-update', {
    params: { recurring_task_id: id, occurrence },
    body: { scope: 'following', ...patch },
  })
  notify(t('scope.split'))
  await Promise.all([loadSeries(), loadTasks()])
}

/** No further tasks are made; the open one stays. */
export const stopSeries = (one: Series): Promise<void> => setActive(one, false)
export const resumeSeries = (one: Series): Promise<void> => setActive(one, true)

async function setActive(one: Series, is_active: boolean): Promise<void> {
  try {
    await updateSeries(one, { is_active })
  } catch (thrown) {
    notify(sentence(asApiError(thrown)), { kind: 'problem' })
  }
}

/** Removes a series; its open task goes with it, or stays as a task of its own. */
export async function deleteSeries({ id }: Series, open: 'cancel' | 'keep'): Promise<void> {
  try {
    await call('recurring-task-delete', { params: { recurring_task_id: id }, query: { open } })
    series.set(({ all, state }) => ({ all: new Map([...all].filter(([known]) => known !== id)), state }))
    await loadTasks()
  } catch (thrown) {
    notify(sentence(asApiError(thrown)), { kind: 'problem' })
  }
}
