/** The address bar: which task is open beside the list. */
import { useSearchParams } from 'next/navigation'

/** The id of the open task; each has an address of its own (`?task=...`). */
export const useOpenTask = (): string | undefined => useSearchParams().get('task') ?? undefined

/** Opens a task beside the list. By the history of the browser: the list stays, and nothing is loaded for it. */
export function openTask(id: string): void {
  const url = new URL(window.location.href)
  const isOpen = url.searchParams.has('task')
  url.searchParams.set('task', id)
  if (isOpen) window.history.replaceState(null, '', url)
  else window.history.pushState(null, '', url)
}

export function closeTask(): void {
  const url = new URL(window.location.href)
  url.searchParams.delete('task')
  url.searchParams.delete('field')
  window.history.pushState(null, '', url)
}

/** Where one signs in, to come back to where one is. */
export function signInHref(): string {
  const { pathname, search } = window.location
  return pathname === '/' && !search
    ? '/sign-in'
    : `/sign-in?to=${encodeURIComponent(`${pathname}${search}`)}`
}

/** Where a task is, for links. */
export const taskHref = (id: string): string => `?task=${encodeURIComponent(id)}`
