import { timeWords } from '../dates/words.ts'
import { useT } from '../messages/translate.ts'
import type { PlannedOccurrence } from '../state/planned.ts'
import { Icon } from './Icon.tsx'
import styles from './PlannedRows.module.css'
import { Link } from './Link.tsx'

/** Occurrences that will become tasks: dashed, for there is nothing to tick off yet. */
export function PlannedRows({ planned }: { planned: PlannedOccurrence[] }) {
  const t = useT()
  if (planned.length === 0) return null
  return (
    <ul aria-label={t('upcoming.planned')}>
      {planned.map(({ series, title, occurrence, time, note }) => (
        <li key={`${series} ${occurrence}`} className={styles.row}>
          <span className={styles.circle} aria-hidden="true" />
          <div>
            <Link href={`/recurring?series=${series}`}>{title}</Link>
            <div className={styles.meta}>
              <Icon name="repeat" size={14} />
              {[time && timeWords(time), t('upcoming.planned'), note].filter(Boolean).join(', ')}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
