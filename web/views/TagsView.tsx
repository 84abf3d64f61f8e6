'use client'
import { useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { useLingering } from '../state/changes.ts'
import { useZone } from '../state/profile.ts'
import { useStore } from '../state/store.ts'
import { loadTasks, told, useTasks } from '../state/tasks.ts'
import { tagCounts, taggedTasks } from '../tasks/groups.ts'
import { useT } from '../messages/translate.ts'
import { QuickAdd } from '../parts/QuickAdd.tsx'
import { Empty, ListState } from '../parts/State.tsx'
import { TaskList } from '../parts/TaskList.tsx'
import { View } from '../parts/View.tsx'
import styles from './TagsView.module.css'
import { Link } from '../parts/Link.tsx'

/** All tags, and the open tasks of the chosen one (`?tag=home`). */
export function TagsView() {
  const t = useT()
  const zone = useZone()
  const tasks = useTasks()
  const lingers = useLingering()
  const { state, error } = useStore(told)
  const counts = useMemo(() => tagCounts(tasks.values()), [tasks])
  const tag = useSearchParams().get('tag') ?? counts[0]?.[0]
  const found = useMemo(
    () => (tag ? taggedTasks(tasks.values(), tag, zone, lingers) : []),
    [tasks, tag, zone, lingers],
  )
  const defaults = useMemo(() => (tag ? { tags: [tag] } : {}), [tag])
  return (
    <View title={t('view.tags')}>
      {counts.length > 0 && (
        <nav className={styles.tags} aria-label={t('view.tags')}>
          {counts.map(([name, count]) => (
            <Link
              key={name}
              className={styles.tag}
              href={`/tags?tag=${encodeURIComponent(name)}`}
              aria-current={name === tag ? 'true' : undefined}
            >
              #{name} <small>{count}</small>
            </Link>
          ))}
        </nav>
      )}
      {tag && <QuickAdd defaults={defaults} placeholder={t('tags.quick', { tag })} />}
      {found.length > 0 && <TaskList tasks={found} label={`#${tag}`} />}
      {found.length === 0 && (
        <ListState state={state} error={error} retry={() => void loadTasks()}>
          {tag ? (
            <Empty
              icon="tag"
              title={t('tags.none', { tag })}
              actions={<Link href="/tags">{t('tags.all')}</Link>}
            />
          ) : (
            <Empty icon="tag" title={t('tags.empty')}>
              {t('tags.emptyHow')}
            </Empty>
          )}
        </ListState>
      )}
    </View>
  )
}
