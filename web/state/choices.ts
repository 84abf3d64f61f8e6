/** What a person has chosen for this browser alone. Nothing secret: scripts may read it. */
import { createStore } from './store.ts'

export type Theme = 'system' | 'light' | 'dark'
type Choices = { theme: Theme; singleKeys: boolean }

const read = (name: string): string | null => {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

const write = (name: string, value: string) => {
  try {
    localStorage.setItem(name, value)
  } catch {
    // A browser that keeps nothing shows the choice until it is closed.
  }
}

export const choices = createStore<Choices>({ theme: 'system', singleKeys: true })

if (typeof window !== 'undefined') {
  const theme = read('theme')
  choices.set({
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    singleKeys: read('single-keys') !== 'off',
  })
}

export function chooseTheme(theme: Theme): void {
  choices.set((before) => ({ ...before, theme }))
  write('theme', theme)
  const isDark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
}

export function chooseSingleKeys(on: boolean): void {
  choices.set((before) => ({ ...before, singleKeys: on }))
  write('single-keys', on ? 'on' : 'off')
}
