/** Lets the keyboard do what the table says. */
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { closeTask, openTask } from '../state/address.ts'
import { completeTask, deleteTask, reopenTask } from '../state/changes.ts'
import { choices } from '../state/choices.ts'
import { notify, speakAloud } from '../state/notices.ts'
import { overlay } from '../state/overlay.ts'
import { clearSelection, selectAll, selection, selectRange, toggleSelected } from '../state/selection.ts'
import { taskById } from '../state/tasks.ts'
import { undoLast } from '../state/undo.ts'
import { t } from '../messages/translate.ts'
import { currentRow, currentTaskId, focusNextRow, focusRow, moveFocus, rowIds } from './rows.ts'
import { actionOf, isSafe, type Action } from './table.ts'

const prefixMs = 1_200

/** In fields every key is text; of a button or a link only its own keys are its own. */
const isTyping = (target: Element | null) =>
  target?.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') ?? false
const ownKey = (target: Element | null, key: string) =>
  (key === 'Enter' && target?.matches('a, button, summary')) ||
  (key === ' ' && target?.matches('button, input, summary')) ||
  (key.startsWith('Arrow') && target?.matches('input'))

export function useKeyboard(): void {
  const router = useRouter()
  useEffect(() => {
    let prefix = ''
    let timer: ReturnType<typeof setTimeout> | undefined

    function press(event: KeyboardEvent) {
      const target = event.target as Element | null
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
      const inField = isTyping(target)
      const isPalette = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
      if (inField && event.key !== 'Escape' && !isPalette) return
      if (!inField && ownKey(target, event.key)) return
      if (!choices.get().singleKeys && !isSafe(event)) return
      const action = actionOf(event, prefix)
      clearTimeout(timer)
      prefix = ''
      if (action === 'prefix') {
        prefix = event.key
        timer = setTimeout(() => (prefix = ''), prefixMs)
        return
      }
      if (action && perform(action, (path) => router.push(path))) event.preventDefault()
    }

    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [router])
}

/** Does it; false when there was nothing to do it to, so that the browser may have the key. */
function perform(action: Action, go: (path: string) => void): boolean {
  if (action.startsWith('go ')) return (go(action.slice(3)), true)
  const general = anywhere[action]
  if (general) return general(go) !== false
  const id = currentTaskId() ?? new URLSearchParams(window.location.search).get('task') ?? undefined
  const task = id ? taskById(id) : undefined
  if (!task) return false
  return onTask[action]?.(task) !== false
}

const anywhere: Partial<Record<Action, (go: (path: string) => void) => boolean | void>> = {
  add: () => overlay.set('quick-add'),
  palette: () => overlay.set('palette'),
  help: () => overlay.set('shortcuts'),
  search: (go) => go('/search'),
  down: () => moveFocus(1),
  up: () => moveFocus(-1),
  'select-all': () => (rowIds().length > 0 ? selectAll(rowIds()) : false),
  undo: () => {
    const step = undoLast()
    if (step) notify(t('said.undone', { what: step.label }))
    else speakAloud(t('said.nothingToUndo'))
  },
  close: () => {
    if (document.activeElement?.matches('input, textarea, select'))
      return (document.activeElement as HTMLElement).blur()
    if (selection.get().size > 0) return clearSelection()
    const open = new URLSearchParams(window.location.search).get('task')
    if (!open) return false
    closeTask()
    focusRow(open)
  },
}

type OnTask = (task: NonNullable<ReturnType<typeof taskById>>) => boolean | void

const openField =
  (field: string): OnTask =>
  ({ id }) => {
    openTask(id)
    const url = new URL(window.location.href)
    url.searchParams.set('field', field)
    window.history.replaceState(null, '', url)
  }

const onTask: Partial<Record<Action, OnTask>> = {
  open: ({ id }) => openTask(id),
  complete: (task) => {
    if (task.status !== 'open') return reopenTask(task)
    focusNextRow(currentRow())
    completeTask(task)
  },
  select: ({ id }) => toggleSelected(id),
  'select-range': ({ id }) => selectRange(id, rowIds()),
  delete: (task) => {
    focusNextRow(currentRow())
    deleteTask(task)
  },
  due: openField('due'),
  repeat: openField('repeat'),
  tags: openField('tags'),
  priority: openField('priority'),
  skip: openField('skip'),
}
