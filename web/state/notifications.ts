/** What the user was told, the newest first. */
import { call } from '../api/call.ts'
import { asApiError, type ApiError } from '../api/error.ts'
import type { Notification } from '../api/shapes.ts'
import { createStore } from './store.ts'

type Center = {
  items: Notification[]
  unread: number
  next: string | null
  state: 'loading' | 'loaded'
  error?: ApiError
}

export const center = createStore<Center>({ items: [], unread: 0, next: null, state: 'loading' })

/** Throws an `ApiError`, which the store tells as well. */
export async function loadNotifications(): Promise<void> {
  try {
    const { items, unread, next_cursor } = await call('notification-list', { query: { page_size: '30' } })
    center.set({ items, unread, next: next_cursor, state: 'loaded' })
  } catch (thrown) {
    center.set((before) => ({ ...before, state: 'loaded', error: asApiError(thrown) }))
    throw thrown
  }
}

export async function loadOlder(): Promise<void> {
  const { next } = center.get()
  if (!next) return
  const older = await call('notification-list', { query: { page_size: '30', cursor: next } })
  center.set((now) => ({ ...now, items: [...now.items, ...older.items], next: older.next_cursor }))
}

/** Marks one as read, or all of them; shown at once, and told to the server in passing. */
export async function markRead(id: string): Promise<void> {
  const read_at = new Date().toISOString()
  center.set((now) => {
    const items = now.items.map((item) =>
      item.read_at === null && (id === 'all' || item.id === id) ? { ...item, read_at } : item,
    )
    const read = now.items.filter((item, index) => item !== items[index]).length
    return { ...now, items, unread: id === 'all' ? 0 : Math.max(0, now.unread - read) }
  })
  await call('notification-read', { params: { notification_id: id } }).catch(() => {})
}
