import { sections } from '../keyboard/table.ts'
import { choices, chooseSingleKeys } from '../state/choices.ts'
import { useStore } from '../state/store.ts'
import { useT, type Translate } from '../messages/translate.ts'
import { Dialog } from './Dialog.tsx'
import styles from './Shortcuts.module.css'

/** The table of shortcuts, and the switch that turns the single keys off. */
export function Shortcuts({ close }: { close: () => void }) {
  const t = useT()
  const { singleKeys } = useStore(choices)
  return (
    <Dialog title={t('keys.title')} close={close} isWide>
      <div className={styles.columns}>
        {sections.map(({ name, shortcuts }) => (
          <section key={name} className={styles.section}>
            <h3>{t(name)}</h3>
            <dl>
              {shortcuts.map(({ keys, does }) => (
                <div key={does}>
                  <dt>{t(does)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key}>{written(key, t)}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => chooseSingleKeys(event.target.checked)}
        />
        {t('keys.single')}
      </label>
    </Dialog>
  )
}

function written(key: string, t: Translate): string {
  const mod = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'
  const names: Record<string, string> = {
    ArrowDown: '↓',
    ArrowUp: '↑',
    Escape: 'Esc',
    ' ': t('keys.space'),
    Delete: 'Del',
  }
  return names[key] ?? key.replace('mod+', `${mod} `).replace('Shift+X', 'Shift x')
}
