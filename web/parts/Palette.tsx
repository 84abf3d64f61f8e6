/** The command palette: every place, every command and every task, by a few letters. */
import { useRouter } from 'next/navigation'
import { useId, useMemo, useState, type KeyboardEvent } from 'react'
import { sections } from '../keyboard/table.ts'
import { openTask } from '../state/address.ts'
import { chooseTheme } from '../state/choices.ts'
import { overlay } from '../state/overlay.ts'
import { signOut } from '../state/session.ts'
import { useTasks } from '../state/tasks.ts'
import { useT } from '../messages/translate.ts'
import { Dialog } from './Dialog.tsx'
import { Icon, type IconName } from './Icon.tsx'
import styles from './Palette.module.css'

type Option = { key: string; name: string; icon: IconName; run: () => void }

const shownMax = 30

/** Every letter group of the input occurs in the text. */
const fits = (text: string, words: string[]) => words.every((word) => text.toLowerCase().includes(word))

function useOptions(): Option[] {
  const t = useT()
  const router = useRouter()
  const tasks = useTasks()
  return useMemo(() => {
    const places = sections.at(-1)!.shortcuts.map(({ does, action }): Option => ({
      key: action,
      name: t('palette.go', { place: t(does) }),
      icon: 'right',
      run: () => router.push(action.slice(3)),
    }))
    const commands: Option[] = [
      { key: 'add', name: t('nav.add'), icon: 'plus', run: () => overlay.set('quick-add') },
      { key: 'search', name: t('view.search'), icon: 'search', run: () => router.push('/search') },
      { key: 'keys', name: t('keys.title'), icon: 'more', run: () => overlay.set('shortcuts') },
      { key: 'light', name: t('palette.light'), icon: 'today', run: () => chooseTheme('light') },
      { key: 'dark', name: t('palette.dark'), icon: 'today', run: () => chooseTheme('dark') },
      { key: 'docs', name: t('view.docs'), icon: 'notes', run: () => router.push('/docs') },
      { key: 'sign-out', name: t('action.signOut'), icon: 'user', run: () => void signOut() },
    ]
    const open = [...tasks.values()]
      .filter(({ status }) => status === 'open')
      .map(({ id, title }): Option => ({ key: id, name: title, icon: 'check', run: () => openTask(id) }))
    return [...commands, ...places, ...open]
  }, [t, router, tasks])
}

export function Palette({ close }: { close: () => void }) {
  const t = useT()
  const id = useId()
  const options = useOptions()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = options.filter(({ name }) => fits(name, words)).slice(0, shownMax)
  const chosen = found[Math.min(at, found.length - 1)]

  function run(option: Option | undefined) {
    if (!option) return
    close()
    option.run()
  }

  function press(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      const next = Math.min(found.length - 1, Math.max(0, at + step))
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(chosen)
    }
  }

  return (
    <Dialog title={t('palette.title')} close={close}>
      <input
        className={styles.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${found.indexOf(chosen)}` : undefined}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        autoComplete="off"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={press}
      />
      <ul id={`${id}-list`} role="listbox" className={styles.list} aria-label={t('palette.title')}>
        {found.map((option, index) => (
          <li
            key={option.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option === chosen}
            className={styles.option}
            onClick={() => run(option)}
            onPointerMove={() => setAt(index)}
          >
            <Icon name={option.icon} size={18} />
            {option.name}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.none}>{t('palette.none', { text })}</p>}
    </Dialog>
  )
}
