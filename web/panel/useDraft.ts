/** A field that saves itself: after a pause in typing, and when it is left. What is being typed is never replaced. */
import { useCallback, useEffect, useRef, useState } from 'react'

const pauseMs = 800

type Draft = { text: string; change: (text: string) => void; leave: () => void }

export function useDraft(value: string, save: (text: string) => void): Draft {
  const [draft, setDraft] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const saved = useRef<string>(undefined)
  const latest = useRef<{ draft: string | undefined; value: string; save: (text: string) => void }>(undefined)
  useEffect(() => {
    latest.current = { draft, value, save }
  })

  const flush = useCallback(() => {
    clearTimeout(timer.current)
    const now = latest.current
    if (now?.draft === undefined || now.draft === now.value || now.draft === saved.current) return
    // Once is enough: what the server has refused is not to be sent again when the field is left.
    saved.current = now.draft
    now.save(now.draft)
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
      setDraft(text)
      saved.current = undefined
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, pauseMs)
    },
    leave: () => {
      flush()
      setDraft(undefined)
    },
  }
}
