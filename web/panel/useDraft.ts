/** A field that saves itself: after a pause in typing, and when it is left. What is being typed is never replaced. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Task, TaskPatch } from '../api/shapes.ts'
import { updateTask } from '../state/changes.ts'
import { createStore, useStore } from '../state/store.ts'
import { firstId } from '../state/tasks.ts'

type Draft = { text: string; change: (text: string) => void; leave: () => void }

/** The change that a text makes of the task from which the typing went out. */
type PatchOf = (text: string, seen: Task) => TaskPatch | undefined

type Field = keyof TaskPatch

/** What was typed and breaks a rule, by task and field: closing the panel does not lose it while the page is open. */
const refused = createStore<ReadonlyMap<string, { text: string; seen: Task }>>(new Map())

const keyOf = (id: string, field: Field | '') => `${firstId(id)} ${field}`

/** Whether a field of the task has something that cannot be saved. */
export const useIsRefused = (id: string): boolean =>
  useStore(refused, (all) => [...all.keys()].some((key) => key.startsWith(keyOf(id, ''))))

/** A patch that is empty: there is nothing to be saved. Undefined: what was typed breaks a rule, and stays in the field. */
export function useDraft(task: Task, field: Field, value: string, patchOf: PatchOf, pauseMs = 800): Draft {
  const key = keyOf(task.id, field)
  const kept = refused.get().get(key)
  const [draft, setDraft] = useState(kept?.text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Somebody else's change, told while the draft hides it, is not overwritten.
  const seen = useRef(kept?.seen ?? task)
  const latest = useRef({ draft, task, key, patchOf })
  useEffect(() => {
    latest.current = { draft, task, key, patchOf }
  })

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const now = latest.current
    if (now.draft === undefined) return true
    const patch = now.patchOf(now.draft, seen.current)
    refused.set((all) => {
      const after = new Map(all)
      if (!patch) return after.set(now.key, { text: now.draft!, seen: seen.current })
      return after.delete(now.key) ? after : all
    })
    if (!patch) return false
    updateTask(now.task.id, patch, seen.current)
    seen.current = { ...seen.current, ...patch } as Task
    return true
  }, [])

  // A panel or a page that closes in the middle of a word keeps it.
  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])

  return {
    text: draft ?? value,
    change: (text) => {
      if (draft === undefined) seen.current = task
      setDraft(text)
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, pauseMs)
    },
    leave: () => {
      if (flush()) setDraft(undefined)
    },
  }
}
