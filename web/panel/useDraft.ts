/** A field that saves itself: after a pause in typing, and when it is left. What is being typed is never replaced. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Task, TaskPatch } from '../api/shapes.ts'
import { updateTask } from '../state/changes.ts'

type Draft = { text: string; change: (text: string) => void; leave: () => void }

/** The change that a text makes of the task from which the typing went out. */
type PatchOf = (text: string, seen: Task) => TaskPatch | undefined

/** A patch that is empty: there is nothing to be saved. Undefined: what was typed breaks a rule, and stays in the field. */
export function useDraft(task: Task, value: string, patchOf: PatchOf, pauseMs = 800): Draft {
  const [draft, setDraft] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Somebody else's change, told while the draft hides it, is not overwritten.
  const seen = useRef(task)
  const latest = useRef({ draft, task, patchOf })
  useEffect(() => {
    latest.current = { draft, task, patchOf }
  })

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const now = latest.current
    if (now.draft === undefined) return true
    const patch = now.patchOf(now.draft, seen.current)
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
