/** A value that components follow. */
import { useSyncExternalStore } from 'react'

export type Store<T> = {
  get: () => T
  /** Replaces the value, or derives the next one from it. */
  set: (next: T | ((value: T) => T)) => void
  subscribe: (listener: () => void) => () => void
}

/** A value that `isSame` as the one before changes nothing, and nothing is drawn anew for it. */
export function createStore<T>(initial: T, isSame: (a: T, b: T) => boolean = Object.is): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      const after = typeof next === 'function' ? (next as (value: T) => T)(value) : next
      if (isSame(after, value)) return
      value = after
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value, or the part of it that `select` takes; the part must be the same one as long as nothing changed. */
export function useStore<T>(store: Store<T>): T
export function useStore<T, P>(store: Store<T>, select: (value: T) => P): P
export function useStore<T, P>(store: Store<T>, select?: (value: T) => P): T | P {
  const read = () => (select ? select(store.get()) : store.get())
  return useSyncExternalStore(store.subscribe, read, read)
}
