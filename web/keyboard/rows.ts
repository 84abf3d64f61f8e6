/** The rows of the list on screen, as the keyboard goes through them: what has focus is the link of a row. */

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('main [data-row]')]
const linkOf = (row: Element | undefined) => row?.querySelector<HTMLElement>('a[href]')
const focusLink = (row: Element | undefined) =>
  (linkOf(row) ?? document.querySelector<HTMLElement>('main h1'))?.focus()

export const currentRow = (): HTMLElement | undefined =>
  document.activeElement?.closest<HTMLElement>('[data-row]') ?? undefined

export const currentTaskId = (): string | undefined => currentRow()?.dataset.row

/** Moves focus down (1) or up (-1); from elsewhere to the first row. False where there are none. */
export function moveFocus(step: 1 | -1): boolean {
  const all = rows()
  const at = all.indexOf(currentRow()!)
  const next = linkOf(at === -1 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + step))])
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
  return next !== undefined
}

/** After the row of `element` is done or deleted: to the row below, above, or the heading of an empty list. */
export function focusNextRow(element: Element | undefined | null): void {
  const all = rows()
  const at = all.indexOf(element?.closest<HTMLElement>('[data-row]') as HTMLElement)
  if (at === -1) return
  focusLink(all[at + 1] ?? all[at - 1])
}

/** To the row of a task; to the heading where the list does not show it. */
export const focusRow = (id: string): void => focusLink(rows().find((row) => row.dataset.row === id))

export const rowIds = (): string[] => rows().map((row) => row.dataset.row!)
