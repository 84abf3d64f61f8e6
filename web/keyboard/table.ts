/** Every shortcut: the keys, and what they do. The help shows this table, and the keyboard follows it. */
import type { MessageKey } from '../messages/translate.ts'

export type Shortcut = { keys: string[]; does: MessageKey; action: Action }

export type Action =
  | 'help'
  | 'palette'
  | 'add'
  | 'search'
  | 'down'
  | 'up'
  | 'open'
  | 'complete'
  | 'select'
  | 'select-range'
  | 'select-all'
  | 'due'
  | 'repeat'
  | 'tags'
  | 'priority'
  | 'skip'
  | 'delete'
  | 'undo'
  | 'close'
  | `go ${string}`

type Section = { name: MessageKey; shortcuts: Shortcut[] }

/** `mod` is Ctrl, or the command key of a Mac. Two keys one after the other have a space between them. */
export const sections: Section[] = [
  {
    name: 'keys.anywhere',
    shortcuts: [
      { keys: ['q', 'c'], does: 'nav.add', action: 'add' },
      { keys: ['mod+k'], does: 'palette.title', action: 'palette' },
      { keys: ['/'], does: 'view.search', action: 'search' },
      { keys: ['z', 'mod+z'], does: 'action.undo', action: 'undo' },
      { keys: ['?'], does: 'keys.title', action: 'help' },
      { keys: ['Escape'], does: 'keys.close', action: 'close' },
    ],
  },
  {
    name: 'keys.list',
    shortcuts: [
      { keys: ['j', 'ArrowDown'], does: 'keys.down', action: 'down' },
      { keys: ['k', 'ArrowUp'], does: 'keys.up', action: 'up' },
      { keys: ['Enter', 'o'], does: 'keys.open', action: 'open' },
      { keys: ['e', ' '], does: 'action.complete', action: 'complete' },
      { keys: ['x'], does: 'keys.select', action: 'select' },
      { keys: ['Shift+X'], does: 'keys.selectRange', action: 'select-range' },
      { keys: ['mod+a'], does: 'keys.selectAll', action: 'select-all' },
      { keys: ['Delete'], does: 'action.delete', action: 'delete' },
    ],
  },
  {
    name: 'keys.task',
    shortcuts: [
      { keys: ['d'], does: 'field.due', action: 'due' },
      { keys: ['r'], does: 'field.repeat', action: 'repeat' },
      { keys: ['l'], does: 'field.tags', action: 'tags' },
      { keys: ['p'], does: 'field.priority', action: 'priority' },
      { keys: ['s'], does: 'keys.skip', action: 'skip' },
    ],
  },
  {
    name: 'keys.go',
    shortcuts: [
      { keys: ['g i'], does: 'view.inbox', action: 'go /inbox' },
      { keys: ['g t'], does: 'view.today', action: 'go /' },
      { keys: ['g u'], does: 'view.upcoming', action: 'go /upcoming' },
      { keys: ['g r'], does: 'view.recurring', action: 'go /recurring' },
      { keys: ['g l'], does: 'view.tags', action: 'go /tags' },
      { keys: ['g d'], does: 'view.done', action: 'go /done' },
      { keys: ['g n'], does: 'view.notifications', action: 'go /notifications' },
      { keys: ['g s'], does: 'view.settings', action: 'go /settings' },
    ],
  },
]

const byKey = new Map(
  sections.flatMap(({ shortcuts }) =>
    shortcuts.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)),
  ),
)

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What a key means, after `before` (the `g` of `g t`). `prefix`: it begins something. */
export function actionOf(event: Pressed, before: string): Action | 'prefix' | undefined {
  if (event.altKey) return undefined
  const mod = event.ctrlKey || event.metaKey
  const key = mod
    ? `mod+${event.key.toLowerCase()}`
    : event.shiftKey && event.key === 'X'
      ? 'Shift+X'
      : event.key
  if (!before && key === 'g') return 'prefix'
  return byKey.get(before ? `${before} ${key}` : key)
}

/** Keys that work without a modifier may be switched off (WCAG 2.1.4); these stay. */
export const isSafe = (event: Pressed): boolean =>
  event.ctrlKey || event.metaKey || ['Escape', 'ArrowDown', 'ArrowUp', 'Enter'].includes(event.key)
