import { usePathname } from 'next/navigation'
import { useMemo, type ReactNode } from 'react'
import { useHere } from '../state/here.ts'
import { center } from '../state/notifications.ts'
import { profile } from '../state/profile.ts'
import { overlay } from '../state/overlay.ts'
import { useStore } from '../state/store.ts'
import { useTasks } from '../state/tasks.ts'
import { countTasks } from '../tasks/groups.ts'
import { useT, type MessageKey } from '../messages/translate.ts'
import { Icon, type IconName } from './Icon.tsx'
import styles from './Shell.module.css'
import { Link } from './Link.tsx'

type Place = { href: string; icon: IconName; name: MessageKey }

const places: Place[] = [
  { href: '/inbox', icon: 'inbox', name: 'view.inbox' },
  { href: '/', icon: 'today', name: 'view.today' },
  { href: '/upcoming', icon: 'calendar', name: 'view.upcoming' },
  { href: '/recurring', icon: 'repeat', name: 'view.recurring' },
  { href: '/tags', icon: 'tag', name: 'view.tags' },
  { href: '/done', icon: 'check', name: 'view.done' },
]

export function Sidebar() {
  const t = useT()
  const path = usePathname()
  const here = useHere()
  const tasks = useTasks()
  const counts = useMemo(() => countTasks(tasks.values(), here), [tasks, here])
  const unread = useStore(center, ({ unread }) => unread)
  const name = useStore(profile, (value) => value?.name)

  const countOf = (href: string) => {
    if (href === '/inbox' && counts.inbox > 0) return <span className={styles.count}>{counts.inbox}</span>
    if (href !== '/' || counts.today === 0) return undefined
    return (
      <span className={`${styles.count} ${counts.late > 0 ? styles.late : ''}`}>
        {counts.today}
        {counts.late > 0 && (
          <span className="visually-hidden"> ({t('nav.overdue', { n: counts.late })})</span>
        )}
      </span>
    )
  }

  return (
    <nav className={styles.side} aria-label={t('nav.title')}>
      <button
        type="button"
        className={`${styles.item} ${styles.add}`}
        onClick={() => overlay.set('quick-add')}
      >
        <Icon name="plus" />
        {t('nav.add')}
        <kbd className={styles.key} aria-hidden="true">
          q
        </kbd>
      </button>
      <Item place={{ href: '/search', icon: 'search', name: 'view.search' }} path={path}>
        <kbd className={styles.key} aria-hidden="true">
          /
        </kbd>
      </Item>
      {places.map((place) => (
        <Item key={place.href} place={place} path={path}>
          {countOf(place.href)}
        </Item>
      ))}
      <div className={styles.rest}>
        <Item place={{ href: '/notifications', icon: 'bell', name: 'view.notifications' }} path={path}>
          {unread > 0 && (
            <span className={styles.count}>
              {unread} <span className="visually-hidden">{t('nav.unread')}</span>
            </span>
          )}
        </Item>
        <Item place={{ href: '/settings', icon: 'settings', name: 'view.settings' }} path={path}>
          {name && <span className={styles.count}>{name.slice(0, 14)}</span>}
        </Item>
      </div>
    </nav>
  )
}

type ItemProps = { place: Place; path: string; children?: ReactNode }

function Item({ place: { href, icon, name }, path, children }: ItemProps) {
  const t = useT()
  return (
    <Link className={styles.item} href={href} aria-current={path === href ? 'page' : undefined}>
      <Icon name={icon} />
      {t(name)}
      {children}
    </Link>
  )
}

/** The same on a small screen: the places that one goes to most, and the way to the others. */
export function BottomBar() {
  const t = useT()
  const path = usePathname()
  const bar: Place[] = [
    places[1]!,
    places[0]!,
    places[2]!,
    { href: '/search', icon: 'search', name: 'view.search' },
    { href: '/more', icon: 'more', name: 'view.more' },
  ]
  return (
    <nav className={styles.bar} aria-label={t('nav.title')}>
      {bar.map(({ href, icon, name }) => (
        <Link key={href} href={href} aria-current={path === href ? 'page' : undefined}>
          <Icon name={icon} size={22} />
          {t(name)}
        </Link>
      ))}
    </nav>
  )
}

/** Everything that the bottom bar has no room for. */
export const morePlaces: Place[] = [
  ...places.slice(3),
  { href: '/notifications', icon: 'bell', name: 'view.notifications' },
  { href: '/settings', icon: 'settings', name: 'view.settings' },
]
