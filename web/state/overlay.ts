/** What lies over the page. */
import { createStore } from './store.ts'

export const overlay = createStore<'quick-add' | 'palette' | 'shortcuts' | null>(null)
