'use client'
import { useSearchParams } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { useListing } from '../state/listing.ts'
import { useZone } from '../state/profile.ts'
import { useTasks } from '../state/tasks.ts'
import { placedOne } from '../tasks/groups.ts'
import { useT } from '../messages/translate.ts'
import { Button } from '../parts/Button.tsx'
import { Empty, Failed, Loading } from '../parts/State.tsx'
import { TaskList } from '../parts/TaskList.tsx'
import { View } from '../parts/View.tsx'
import styles from './SearchView.module.css'

const pauseMs = 200

/** Every task, open or done, by words of its title and notes; `-word` excludes, quotes keep words together. */
export function SearchView() {
  const t = useT()
  const given = useSearchParams().get('q') ?? ''
  const [text, setText] = useState(given)
  const [asked, setAsked] = useState(given)
  const words = text.trim().slice(0, 200)

  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(words)
      const url = new URL(window.location.href)
      if (words) url.searchParams.set('q', words)
      else url.searchParams.delete('q')
      window.history.replaceState(null, '', url)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [words])

  return (
    <View title={t('view.search')}>
      <input
        type="search"
        className={styles.input}
        value={text}
        maxLength={200}
        aria-label={t('view.search')}
        placeholder={t('search.placeholder')}
        autoComplete="off"
        autoFocus
        onChange={(event) => setText(event.target.value)}
      />
      {asked ? (
        <Found words={asked} clear={() => setText('')} />
      ) : (
        <p className={styles.hint}>{t('search.how')}</p>
      )}
    </View>
  )
}

function Found({ words, clear }: { words: string; clear: () => void }) {
  const t = useT()
  const zone = useZone()
  const tasks = useTasks()
  const { ids, total, next, state, error, load } = useListing({ q: words, sort: '-updated_at' })
  const found = useMemo(() => {
    // Without the server: what is at hand and has the words in its title.
    const lower = words.toLowerCase()
    const near = () => [...tasks.values()].filter(({ title }) => title.toLowerCase().includes(lower))
    const isNear = error !== undefined && ids.length === 0
    const known = isNear ? near() : ids.flatMap((id) => tasks.get(id) ?? [])
    return known.map((task) => placedOne(task, zone))
  }, [ids, tasks, words, error, zone])
  return (
    <>
      <p className={styles.hint} role="status">
        {state === 'loaded' && !error && t('search.found', { n: total })}
      </p>
      {found.length > 0 && <TaskList tasks={found} label={t('search.results')} />}
      {next && <Button onClick={() => void load(next)}>{t('action.more')}</Button>}
      {state === 'loading' && <Loading />}
      {error && found.length === 0 && <Failed error={error} retry={() => void load()} />}
      {state === 'loaded' && !error && found.length === 0 && (
        <Empty
          icon="search"
          title={t('search.none', { words })}
          actions={<Button onClick={clear}>{t('search.clear')}</Button>}
        />
      )}
    </>
  )
}
