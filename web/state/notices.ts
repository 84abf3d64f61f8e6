/** What the app has to say: short notes that pass, with something to do about them perhaps. */
import { createStore } from './store.ts'

export type Notice = {
  id: number
  text: string
  kind: 'done' | 'problem'
  action?: { label: string; run: () => void }
}

const shownMs = 8_000
const shownMax = 3

export const notices = createStore<Notice[]>([])

let last = 0

/** Shows a note; one about a problem stays until it is closed. */
export function notify(
  text: string,
  { kind = 'done', action }: Partial<Pick<Notice, 'kind' | 'action'>> = {},
): number {
  const id = ++last
  notices.set((all) => [...all.slice(1 - shownMax), { id, text, kind, ...(action && { action }) }])
  if (kind === 'done') setTimeout(() => dismiss(id), shownMs)
  return id
}

export function dismiss(id: number): void {
  notices.set((all) => all.filter((notice) => notice.id !== id))
}

/** Says something to screen readers only. */
export const spoken = createStore('')
export const speakAloud = (text: string): void =>
  spoken.set((before) => (before === text ? `${text} ` : text))
