import { useToday } from '../state/here.ts'
import { dayWords, timeWords } from '../dates/words.ts'
import { useT, type Translate } from '../messages/translate.ts'
import type { Chip } from '../tasks/quick.ts'
import { Icon } from './Icon.tsx'
import styles from './QuickAdd.module.css'

/** What was understood of a line; a click gives the words back to the title. */
export function Chips({ chips, giveBack }: { chips: Chip[]; giveBack: (chip: Chip) => void }) {
  const t = useT()
  const today = useToday()
  if (chips.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={t('quick.understood')}>
      {chips.map((chip) => (
        <li key={chip.start}>
          <button
            type="button"
            className={styles.chip}
            onClick={() => giveBack(chip)}
            aria-label={t('quick.giveBack', { words: chip.text, meaning: meaning(chip, today, t) })}
          >
            {meaning(chip, today, t)}
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function meaning({ kind, means }: Chip, today: string, t: Translate): string {
  switch (kind) {
    case 'date':
      return dayWords(means, today)
    case 'start':
      return t('quick.from', { day: dayWords(means, today) })
    case 'time':
      return timeWords(means)
    case 'tag':
      return `#${means}`
    case 'priority':
      return t(
        means.endsWith('1') ? 'priority.high' : means.endsWith('2') ? 'priority.medium' : 'priority.low',
      )
    default:
      return means
  }
}
