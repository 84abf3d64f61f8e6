'use client'
import { useT } from '../messages/translate.ts'
import { Icon } from '../parts/Icon.tsx'
import { morePlaces } from '../parts/Sidebar.tsx'
import { View } from '../parts/View.tsx'
import styles from '../parts/Shell.module.css'
import { Link } from '../parts/Link.tsx'

/** On small screens: the places that the bottom bar has no room for. */
export function MoreView() {
  const t = useT()
  return (
    <View title={t('view.more')}>
      <ul>
        {morePlaces.map(({ href, icon, name }) => (
          <li key={href}>
            <Link className={styles.item} href={href}>
              <Icon name={icon} />
              {t(name)}
            </Link>
          </li>
        ))}
      </ul>
    </View>
  )
}
