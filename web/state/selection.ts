/** The tasks that are selected to do something to all of them. */
import { createStore } from './store.ts'

export const selection = createStore<ReadonlySet<string>>(new Set())

let anchor: string | undefined

export function toggleSelected(id: string): void {
  anchor = id
  selection.set((before) => {
    const after = new Set(before)
    if (!after.delete(id)) after.add(id)
    return after
  })
}

/** Selects everything from the last selected row to this one. */
export function selectRange(id: string, ids: string[]): void {
  const [from, to] = [ids.indexOf(anchor ?? id), ids.indexOf(id)].toSorted((a, b) => a - b) as [
    number,
    number,
  ]
  selection.set((before) => new Set([...before, ...ids.slice(Math.max(0, from), to + 1)]))
}

export const selectAll = (ids: string[]): void => selection.set(new Set(ids))
export const clearSelection = (): void => selection.set(new Set())
